import { DefaultLogger, makeTelemetryFilterString, Runtime } from '@temporalio/worker'

/** Call it before the first Worker or NativeConnection of a file: the SDK then logs errors only. */
export function quietTemporal(): void {
  Runtime.install({
    logger: new DefaultLogger('ERROR'),
    telemetryOptions: { logging: { filter: makeTelemetryFilterString({ core: 'ERROR' }) } },
  })
}
