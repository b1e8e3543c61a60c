"""The configuration: config.yaml with CLIProxyAPI's names and ours, the environment, the command line."""

from proxy.config.load import Loaded, load_config
from proxy.config.problems import ConfigError, Problem
from proxy.config.schema import Config
from proxy.config.secrets import secrets_of

__all__ = ["Config", "ConfigError", "Loaded", "Problem", "load_config", "secrets_of"]
