"""Amazon Lex V2: aliases of bots with a code hook. Lex V1 was shut down in September 2025 and is not read.

Sources: https://docs.aws.amazon.com/lexv2/latest/APIReference/API_ListBots.html (1000 a page),
https://docs.aws.amazon.com/lexv2/latest/APIReference/API_ListBotAliases.html,
https://docs.aws.amazon.com/lexv2/latest/APIReference/API_DescribeBotAlias.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rolecall.live.parts import Part
from rolecall.live.place import Place
from rolecall.model import Invoker

_LEX = "lexv2-models"
_ACTIONS = ("lex:ListBots", "lex:ListBotAliases", "lex:DescribeBotAlias")
_PAGE = 1000


def bot_aliases(place: Place) -> Iterator[Any]:
    """The code hooks of all aliases, the test alias of a bot's draft among them: a call for each bot and each alias."""
    pages = place.pages(_LEX, "list_bots", next_by="nextToken", maxResults=_PAGE)
    bots = (bot for page in pages for bot in page.get("botSummaries") or ())
    aliases = place.each(lambda bot: _aliases(place, bot), bots)
    return place.each(lambda alias: _hooks(place, *alias), aliases)


def _aliases(place: Place, bot: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    of = bot["botId"]
    for page in place.pages(_LEX, "list_bot_aliases", next_by="nextToken", maxResults=_PAGE, botId=of):
        for alias in page.get("botAliasSummaries") or ():
            yield of, bot.get("botName") or of, alias["botAliasId"]


def _hooks(place: Place, bot: str, bot_name: str, alias: str) -> Iterator[Invoker]:
    told = place.call(_LEX, "describe_bot_alias", botId=bot, botAliasId=alias)
    arn, name = place.arn("lex", f"bot-alias/{bot}/{alias}"), told.get("botAliasName") or alias
    locales = [locale for locale in (told.get("botAliasLocaleSettings") or {}).values() if locale.get("enabled", True)]
    hooks = [(locale.get("codeHookSpecification") or {}).get("lambdaCodeHook") or {} for locale in locales]
    for function in dict.fromkeys(hook["lambdaARN"] for hook in hooks if hook.get("lambdaARN")):
        yield Invoker(
            kind="lex_bot",
            resource=place.resource("AWS::Lex::BotAlias", arn, name),
            what=f"The alias {name} of the bot {bot_name}",
            function=function,
            source_arn=arn,
        )


PARTS = (Part("lex_bot", bot_aliases, _ACTIONS),)
