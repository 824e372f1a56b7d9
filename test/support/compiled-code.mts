import vm, { type CompileFunctionOptions, type SourceTextModuleOptions } from 'node:vm'

interface Compiled {
  code: string
  data: Buffer
}

/** Node's types do not know of it. */
interface Cacheable {
  createCachedData(): Buffer
}

/** By path. Of the Jest worker, which outlives its files. */
const compiled = new Map<string, Compiled>()

/**
 * Jest loads every module anew for each file, and V8 would compile it anew too: a quarter of a second for the whole
 * product. What it made of the same code for an earlier file of this worker is handed to it again; where it cannot use
 * that, it compiles.
 */
export function keepCompiledCode(): void {
  const { SourceTextModule, compileFunction } = vm
  vm.SourceTextModule = class extends SourceTextModule {
    constructor(code: string, options: SourceTextModuleOptions = {}) {
      const { identifier = '' } = options
      const cachedData = find(identifier, code)
      super(code, cachedData ? { ...options, cachedData } : options)
      if (!cachedData)
        compiled.set(identifier, { code, data: (this as unknown as Cacheable).createCachedData() })
    }
  }
  vm.compileFunction = (code: string, params?: readonly string[], options: CompileFunctionOptions = {}) => {
    const { filename = '' } = options
    const cachedData = find(filename, code)
    const made = compileFunction(code, params, {
      ...options,
      ...(cachedData ? { cachedData } : { produceCachedData: true }),
    })
    if (made.cachedData) compiled.set(filename, { code, data: made.cachedData })
    return made
  }
}

/** V8 itself compares no more than the length. */
function find(path: string, code: string): Buffer | undefined {
  const known = compiled.get(path)
  return known?.code === code ? known.data : undefined
}
