# Without internet: docker build --build-context wheels=DIR --build-arg BASE=IMAGE .
# DIR holds what `pip download --require-hashes --only-binary :all: -r requirements.txt -d DIR`
# fetched; IMAGE is a Python image that has the PostgreSQL client and gnupg already.
ARG BASE=python:3.12-slim

FROM scratch AS wheels

FROM ${BASE} AS packages
COPY requirements.txt /tmp/
RUN --mount=type=bind,from=wheels,target=/wheels \
    python -m venv /venv && /venv/bin/pip install --no-cache-dir --require-hashes \
        --only-binary :all: --find-links /wheels $(ls /wheels/*.whl >/dev/null 2>&1 && echo --no-index) \
        -r /tmp/requirements.txt

FROM ${BASE}
# pg_dump and pg_restore for `manage.py backup`, gpg to encrypt it.
RUN command -v pg_dump && command -v gpg || { apt-get update \
    && apt-get install -y --no-install-recommends postgresql-client gnupg \
    && rm -rf /var/lib/apt/lists/*; }
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 CRM_DATA_DIR=/var/lib/crm PATH=/venv/bin:$PATH \
    CRM_BIND=0.0.0.0:8000
RUN useradd --system --create-home --home-dir /var/lib/crm crm
COPY --from=packages /venv /venv
WORKDIR /app
COPY . .
RUN python manage.py compile_translations \
    && python manage.py collectstatic --noinput \
    && mkdir -p /var/lib/crm/media \
    && chown -R crm /var/lib/crm
USER crm
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/readyz', timeout=4)"]
STOPSIGNAL SIGTERM
CMD ["gunicorn", "-c", "python:config.gunicorn", "config.wsgi"]
