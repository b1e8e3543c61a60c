# syntax=docker/dockerfile:1

FROM python:3.12-slim AS build
# EXTRAS=[media] adds PyAV and Pillow (thumbnails, sprite sheets, the simulator): some 150 MB more.
ARG EXTRAS=""
WORKDIR /build
COPY pyproject.toml README.md config.example.yaml ./
COPY proxy ./proxy
COPY translators ./translators
# pip compiles to .pyc while it installs, so that a start does not have to.
RUN python -m venv /opt/mediashim \
 && /opt/mediashim/bin/pip install --no-cache-dir --disable-pip-version-check --compile ".${EXTRAS}" \
 && /opt/mediashim/bin/pip uninstall --yes --quiet --disable-pip-version-check pip

FROM python:3.12-slim
COPY --from=build /opt/mediashim /opt/mediashim
RUN useradd --system --uid 10001 --user-group --home-dir /data --no-create-home mediashim \
 && install --directory --owner mediashim --group mediashim --mode 0700 /data
# 0.0.0.0 is inside the container; without api-keys (MEDIASHIM_API_KEYS) the proxy refuses to start on it.
ENV PATH=/opt/mediashim/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    MEDIASHIM_HOST=0.0.0.0 \
    MEDIASHIM_DATA_DIR=/data
USER mediashim
WORKDIR /data
VOLUME /data
EXPOSE 8317
HEALTHCHECK --interval=30s --timeout=6s --start-period=10s --retries=3 CMD ["python", "-m", "proxy.cli.health"]
ENTRYPOINT ["mediashim"]
CMD ["serve"]
