# BMS Console as an image: docker build --tag bms-console .
# docs/deploying.md says how to run it: read-only, without capabilities, with /var/lib/bms-console as its only volume.

# The exact version of Node, on Debian: one dependency (libsql) comes as a binary for glibc. A build that must be the
# same tomorrow pins the digest, too: --build-arg NODE_IMAGE=node:20.20.2-bookworm-slim@sha256:...
ARG NODE_IMAGE=node:20.20.2-bookworm-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /src
# Only a change of the dependencies installs them anew. None needs a script of its own to build.
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY . .
RUN npm run package
# The package brings the versions of all that it depends on, so this installs what was tested.
WORKDIR /opt/bms-console
RUN npm install --ignore-scripts --no-audit --no-fund /src/bms-console-*.tgz

FROM ${NODE_IMAGE}
# The server needs Node alone. Without npm and yarn there is less to attack, and less for a scanner to report.
RUN rm -rf /usr/local/lib/node_modules /opt/yarn-* \
      /usr/local/bin/npm /usr/local/bin/npx /usr/local/bin/corepack /usr/local/bin/yarn /usr/local/bin/yarnpkg
# Mode 0700: logs of lines and recordings may hold what a machine prints, secrets included. A new named volume takes the
# owner and the mode from here.
RUN install --directory --mode=0700 --owner=10001 --group=10001 /var/lib/bms-console
COPY --from=build /opt/bms-console /opt/bms-console

ENV NODE_ENV=production \
    PATH=/opt/bms-console/node_modules/.bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    BMS_CONSOLE_HOST=0.0.0.0 \
    BMS_CONSOLE_PORT=8080
# A number, so that Kubernetes can tell that it is not root (runAsNonRoot).
USER 10001:10001
WORKDIR /var/lib/bms-console
VOLUME /var/lib/bms-console
EXPOSE 8080

# A start after a crash waits 15 seconds for the owner of the logs that was there before.
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
  CMD ["node", "/opt/bms-console/node_modules/bms-console/deploy/docker/healthcheck.js"]
# The server tells everybody at a console that it restarts, writes what it still has, and ends within 10 seconds.
STOPSIGNAL SIGTERM
# No shell between: the server is the first process, and gets that signal itself. `docker run … check` is the self check.
ENTRYPOINT ["bms-console"]
