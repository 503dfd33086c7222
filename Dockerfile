# Pilotage for production: what runtime.txt locks, the stylesheet of package-lock.json, and the product itself.
# docker-compose.yml runs this one image as web server, worker, scheduler and migration.

FROM node:22-slim AS front
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts

FROM python:3.13-slim AS packages
WORKDIR /build
COPY requirements/runtime.txt requirements/runtime.txt
RUN python -m venv /opt/pilotage && /opt/pilotage/bin/pip install --require-hashes --only-binary :all: --no-cache-dir --disable-pip-version-check -r requirements/runtime.txt

FROM python:3.13-slim
ENV PATH=/opt/pilotage/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=config.settings.production \
    PILOTAGE_DATA=/data
RUN useradd --system --uid 10001 --user-group --home-dir /data --create-home --shell /usr/sbin/nologin pilotage
WORKDIR /srv/pilotage
COPY --from=packages /opt/pilotage /opt/pilotage
COPY manage.py LICENSE ./
COPY config config
COPY audit audit
COPY accounts accounts
COPY portfolio portfolio
COPY gates gates
COPY templates templates
COPY static static
COPY --from=front /build/node_modules/bootstrap/dist node_modules/bootstrap/dist
# The settings insist on being told everything; for collecting files, anything will do.
RUN PILOTAGE_SECRET_KEY=build PILOTAGE_HOSTS=build PILOTAGE_URL=https://build PILOTAGE_PROXIES=0 \
    DATABASE_URL=postgresql://build/build REDIS_URL=redis://build/0 \
    python manage.py collectstatic --no-input --verbosity 0
USER pilotage
VOLUME /data
EXPOSE 8000
CMD ["gunicorn", "config.wsgi", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", "--workers", "2", "--threads", "8", "--no-control-socket", "--worker-tmp-dir", "/dev/shm", "--access-logfile", "-"]
