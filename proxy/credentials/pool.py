"""The credentials at hand: which one serves the next call, and which must rest."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from proxy.config.schema import Strategy
from proxy.credentials.cooldown import CooldownPolicy, cooldown_for
from proxy.credentials.credential import Credential
from proxy.credentials.rotation import Cursor, choose, eligible
from translators.errors import RateLimited, Unavailable
from translators.google_errors import Verdict

_ALL_MODELS = ""


@dataclass(slots=True)
class _Rest:
    until: float = 0.0
    strikes: int = 0


class CredentialPool:
    """Chooses among credentials and remembers who rests; not thread-safe, and quick enough for the event loop.

    `clock` returns seconds that never go backwards (time.monotonic).
    """

    def __init__(
        self,
        credentials: Iterable[Credential],
        *,
        clock: Callable[[], float],
        strategy: Strategy = Strategy.ROUND_ROBIN,
        policy: CooldownPolicy | None = None,
    ) -> None:
        self._credentials = {credential.id: credential for credential in credentials}
        self._clock = clock
        self._strategy = strategy
        self._policy = policy or CooldownPolicy()
        self._cursors: dict[str, Cursor] = {}
        self._rests: dict[tuple[str, str], _Rest] = {}

    @property
    def credentials(self) -> tuple[Credential, ...]:
        """All of them, in the order of the configuration."""
        return tuple(self._credentials.values())

    def get(self, credential_id: str) -> Credential:
        """The credential a job is pinned to; raises Unavailable (code `credential_gone`) when it is configured no more.

        Another one cannot stand in: an operation is visible only to the account that started it.
        """
        credential = self._credentials.get(credential_id)
        if credential is None:
            raise Unavailable(
                f"Credential {credential_id}, with which this was started, is no longer configured. "
                "The operator must add it again; no other one can see it.",
                code="credential_gone",
                should_retry=False,
            )
        return credential

    def pick(
        self, candidates: Sequence[str], model: str, *, tried: Collection[str] = (), preferred: str | None = None
    ) -> Credential:
        """The next credential for a model, among `candidates` without those `tried` in vain.

        `preferred` goes first whatever its priority, as long as it is there and need not rest; it costs nobody a turn.

        Raises RateLimited (code `model_cooldown`, `retry_after` the soonest end of a rest) when all of them rest, and
        Unavailable (code `no_credential`) when none is left to try.
        """
        left = [
            credential
            for credential_id in dict.fromkeys(candidates)
            if credential_id not in tried
            and (credential := self._credentials.get(credential_id)) is not None
            and eligible(self._strategy, credential)
        ]
        if not left:
            raise Unavailable(f"No credential is left that serves {model}.", code="no_credential")
        usable = (
            [credential for credential in left if self.resting_seconds(credential.id, model) <= 0]
            if self._rests
            else left
        )
        if not usable:
            raise _all_rest(model, min(self.resting_seconds(credential.id, model) for credential in left))
        if preferred is not None:
            kept = next((credential for credential in usable if credential.id == preferred), None)
            if kept is not None:
                return kept
        if len(usable) == 1:
            return usable[0]
        chosen, self._cursors[model] = choose(self._strategy, usable, self._cursors.get(model, Cursor()))
        return chosen

    def report(self, credential_id: str, model: str, verdict: Verdict | None) -> None:
        """Tell how a call went; None is a success, which ends every rest of that credential with that model."""
        if verdict is None:
            self._rests.pop((credential_id, model), None)
            self._rests.pop((credential_id, _ALL_MODELS), None)
            return
        credential = self._credentials.get(credential_id)
        if credential is None or credential.disable_cooling:
            return
        now = self._clock()
        known = self._rests.get((credential_id, model), _Rest())
        # Calls that were under way together fail together: they are one strike, not many.
        strikes = known.strikes - 1 if known.until > now else known.strikes
        cooldown = cooldown_for(verdict, strikes=strikes, policy=self._policy)
        if cooldown is None:
            return
        rest = self._rests.setdefault((credential_id, _ALL_MODELS if cooldown.whole_credential else model), _Rest())
        if rest.until <= now:
            rest.strikes += 1
        rest.until = max(rest.until, now + cooldown.seconds)

    def rests(self) -> Mapping[tuple[str, str], float]:
        """Until when credentials rest, on the pool's clock, by (credential, model); an empty model is all of them."""
        now = self._clock()
        return {rested: rest.until for rested, rest in self._rests.items() if rest.until > now}

    def resting_seconds(self, credential_id: str, model: str) -> float:
        """How long that credential still rests for that model; 0 when it may work."""
        rests = (self._rests.get((credential_id, scope)) for scope in (model, _ALL_MODELS))
        return max(0.0, *(rest.until - self._clock() if rest else 0.0 for rest in rests))


def _all_rest(model: str, seconds: float) -> RateLimited:
    return RateLimited(
        f"All credentials for model {model} are cooling down after Google refused them. Try again in {seconds:.0f} s.",
        code="model_cooldown",
        retry_after=seconds,
        extra={"model": model, "reset_seconds": round(seconds)},
    )
