# The app over the embedded bundle, or over one of your own: docker compose up, or see docs/space.md.
FROM python:3.12-slim
RUN useradd --create-home --uid 1000 app
WORKDIR /home/app/persrv
COPY requirements.lock .
RUN pip install --no-cache-dir --require-hashes -r requirements.lock
COPY app.py LICENSE NOTICE ./
COPY persrv persrv
COPY assets/demo assets/demo
RUN python -m compileall -q app.py persrv
USER app
ENV GRADIO_SERVER_NAME=0.0.0.0 GRADIO_SERVER_PORT=7860
EXPOSE 7860
HEALTHCHECK --start-period=120s --interval=30s --timeout=10s CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:7860/healthz', timeout=9)"]
CMD ["python", "app.py"]
