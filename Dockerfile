FROM python:3.12-slim

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 CRM_DATA_DIR=/var/lib/crm
# pg_dump and pg_restore for `manage.py backup`, gpg to encrypt it.
RUN apt-get update && apt-get install -y --no-install-recommends postgresql-client gnupg \
    && rm -rf /var/lib/apt/lists/*
RUN useradd --system --create-home --home-dir /var/lib/crm crm
WORKDIR /app
COPY requirements.txt .
RUN pip install --no-cache-dir --require-hashes -r requirements.txt
COPY . .
RUN python manage.py compile_translations \
    && python manage.py collectstatic --noinput \
    && mkdir -p /var/lib/crm/media \
    && chown -R crm /var/lib/crm
USER crm
EXPOSE 8000
CMD ["gunicorn", "config.wsgi", "--bind", "0.0.0.0:8000", "--workers", "3", "--max-requests", "5000", "--access-logfile", "-"]
