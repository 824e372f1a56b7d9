# One image for every process of production: api (the default command), worker and migrate.
FROM node:24.21.0-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
# No install script is needed here: they bring what `npm start` uses, this Node among it.
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund
COPY src ./src
COPY workflows ./workflows
COPY activities ./activities
COPY integrations ./integrations
COPY web ./web
# Built once, for all workers: a worker that bundles by itself needs seconds more to start.
RUN node src/bundle-workflows.ts /app/workflow-bundle.js

# The web app needs its build tools and React as packages: neither goes into the image.
FROM node:24.21.0-bookworm-slim AS web
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY src ./src
COPY web ./web
RUN ["node", "src/build-web.ts"]

FROM node:24.21.0-bookworm-slim
WORKDIR /app
ENV NODE_ENV=production \
    PORT=3000 \
    WORKFLOW_BUNDLE_PATH=/app/workflow-bundle.js
COPY --from=build /app ./
COPY --from=web /app/web/dist ./web/dist
USER node
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/healthz`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "src/server.ts"]
