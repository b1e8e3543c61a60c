"""A call that may be repeated (text, images): the next credential at once, the same one after a while, never for ever.

What runs on at Google by itself (`paid`) is repeated only where Google certainly did not take it on.

Videos do not come this way: their one paid POST is `jobs/submit.py`.
"""

import random
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

from proxy.answer import Answer
from proxy.clock import Clock
from proxy.credentials.affinity import SessionAffinity
from proxy.credentials.credential import Credential
from proxy.credentials.pool import CredentialPool
from proxy.credentials.token_errors import TokenRefreshError
from proxy.google_files.sender import UploadFailed
from proxy.google_files.uploads import Uploads
from proxy.retry import retry_delay
from proxy.upstream import Upstream
from proxy.upstream_body import BodyTooLarge
from proxy.upstream_failures import Lost, NotSent
from translators.errors import PayloadTooLarge
from translators.google_errors import Blame, ErrorContext, Verdict, judge
from translators.resolve import Resolution, Target
from translators.wire.call import GoogleCall

Translate = Callable[[Target], GoogleCall]


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long a caller is kept waiting, in seconds, and how many rounds over the credentials are made."""

    seconds: float = 120.0
    rounds: int = 3
    credentials: int = 0
    """Credentials tried in one round; 0: all."""
    longest_wait: float = 30.0
    """Seconds at most between two rounds; 0: none is waited for."""


class ContentCalls:
    """Calls a model by whichever credential answers."""

    def __init__(
        self,
        upstream: Upstream,
        pool: CredentialPool,
        clock: Clock,
        *,
        patience: Patience,
        timeout: float,
        uploads: Uploads | None = None,
        affinity: SessionAffinity | None = None,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._upstream = upstream
        self._pool = pool
        self._clock = clock
        self._patience = patience
        self._timeout = timeout
        self._uploads = uploads
        self._affinity = affinity
        self._jitter = jitter

    @asynccontextmanager
    async def open(
        self,
        resolution: Resolution,
        translate: Translate,
        caller_headers: Mapping[str, str] | None = None,
        session: str | None = None,
        *,
        as_it_is: bool = False,
        paid: bool = False,
    ) -> AsyncIterator[tuple[Target, Answer]]:
        """`begin`, and the answer is closed at the end of the block."""
        target, answer = await self.begin(resolution, translate, caller_headers, session, as_it_is=as_it_is, paid=paid)
        async with answer:
            yield target, answer

    async def begin(
        self,
        resolution: Resolution,
        translate: Translate,
        caller_headers: Mapping[str, str] | None = None,
        session: str | None = None,
        *,
        as_it_is: bool = False,
        paid: bool = False,
    ) -> tuple[Target, Answer]:
        """The target that answered 200 and its answer, whose body is still coming, for the caller to close.

        `translate` makes the call for one target. Raises the ApiError of the last refusal, or of a request that is
        itself wrong at once. `session` names the conversation, which stays with the credential that serves it.
        Inputs that make the body too large are uploaded first, unless the call shall go `as_it_is`. What is `paid` is
        repeated only where Google certainly did not accept it.
        """
        uploads = None if as_it_is else self._uploads
        targets = {target.credential_id: target for target in resolution.targets}
        began = self._clock.now()
        tried: set[str] = set()
        attempt = 1
        while True:
            credential, target = self._pick(targets, tried, session)
            tried.add(credential.id)
            outcome = await self._once(
                credential, target, translate(target), caller_headers, uploads=uploads, paid=paid
            )
            if isinstance(outcome, Answer):
                self._bind(session, target)
                return target, outcome
            self._unbind(session, target)
            verdict, not_sent = outcome
            if self._another_left(targets, tried, verdict, paid=paid):
                continue
            spent = (self._clock.now() - began).total_seconds()
            delay = retry_delay(
                verdict,
                not_sent=not_sent and verdict.blame is Blame.UPSTREAM,
                paid_submit=paid,
                attempt=attempt,
                jitter=self._jitter(),
                patience=min(self._patience.seconds - spent, self._patience.longest_wait),
            )
            targets = {one: target for one, target in targets.items() if self._further_rounds(one) >= attempt}
            if delay is None or not targets:
                raise verdict.error
            await self._clock.sleep(delay)
            tried.clear()
            attempt += 1

    def _pick(self, targets: dict[str, Target], tried: set[str], session: str | None) -> tuple[Credential, Target]:
        model = next(iter(targets.values())).upstream_id
        bound = self._affinity.credential_of(session, model) if self._affinity and session else None
        credential = self._pool.pick(list(targets), model, tried=tried, preferred=bound)
        return credential, targets[credential.id]

    def _further_rounds(self, credential_id: str) -> int:
        """How many rounds after the first it takes part in."""
        own = self._pool.get(credential_id).request_retry
        return self._patience.rounds if own is None else own

    def _bind(self, session: str | None, target: Target) -> None:
        if self._affinity and session:
            self._affinity.bind(session, target.upstream_id, target.credential_id)

    def _unbind(self, session: str | None, target: Target) -> None:
        if self._affinity and session:
            self._affinity.drop(session, target.upstream_id, target.credential_id)

    def _another_left(self, targets: dict[str, Target], tried: set[str], verdict: Verdict, *, paid: bool) -> bool:
        most = self._patience.credentials or len(targets)
        if len(tried) >= most or not verdict.may_try_another(paid=paid):
            return False
        return any(
            credential_id not in tried and self._pool.resting_seconds(credential_id, target.upstream_id) <= 0
            for credential_id, target in targets.items()
        )

    async def _once(
        self,
        credential: Credential,
        target: Target,
        call: GoogleCall,
        caller_headers: Mapping[str, str] | None,
        *,
        uploads: Uploads | None,
        paid: bool,
    ) -> Answer | tuple[Verdict, bool]:
        """One call: the answer if it is a 200, else the verdict and whether it certainly was not sent."""
        try:
            try:
                most = None if uploads is None else uploads.most_bytes(credential, call)
                answer = await self._begun(credential, call, caller_headers, paid=paid, most_bytes=most)
                fitting = call
            except BodyTooLarge:
                fitting = call if uploads is None else await uploads.fitting(credential, call)
                answer = await self._begun(credential, fitting, caller_headers, paid=paid)
            if answer.status == 200:
                self._pool.report(credential.id, target.upstream_id, None)
                return answer
            about = ErrorContext(
                credential=credential.id, model=target.upstream_id, project=credential.project, paid_submit=paid
            )
            async with answer:
                verdict, not_sent = judge(answer.status, await answer.read(), about=about), False
            if uploads is not None and fitting is not call:
                uploads.forget(credential, fitting)
        except PayloadTooLarge as too_large:
            # A matter of the surface and its bounds: no fault of the credential's, and another kind may take it.
            return Verdict(error=too_large, blame=Blame.CREDENTIAL_MODEL, accepted="no"), False
        except UploadFailed as failure:
            verdict, not_sent = failure.verdict, True
        except TokenRefreshError as failure:
            verdict, not_sent = failure.verdict, True
        except NotSent as failure:
            verdict, not_sent = failure.verdict(), True
        except Lost as failure:
            verdict, not_sent = failure.verdict(paid_submit=paid), False
        self._pool.report(credential.id, target.upstream_id, verdict)
        return verdict, not_sent

    async def _begun(
        self,
        credential: Credential,
        call: GoogleCall,
        caller_headers: Mapping[str, str] | None,
        *,
        paid: bool,
        most_bytes: int | None = None,
    ) -> Answer:
        return await self._upstream.begin(
            credential,
            call,
            timeout=self._timeout,
            fresh_connection=paid,
            caller_headers=caller_headers,
            most_bytes=most_bytes,
        )
