"""Serves runs."""

from functools import cache

from contract.module_routes import OPTILIBRIA
from functions.modules.operations import serve
from functions.modules.resources import ModuleResources, ModuleSettings
from functions.platform_runtime.settings import read


@cache
def settings() -> ModuleSettings:
    return read(ModuleSettings)


@cache
def resources() -> ModuleResources:
    return ModuleResources(settings(), service.logger)


service = serve(OPTILIBRIA, settings, resources)

handler = service.handler()
