"""What is made of pictures that are there: buttons under them, the sliders of a mix, families, descriptions."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, PlainTextResponse, Response

from adapters.commandline import share
from adapters.presentation import attachment
from adapters.web.answering import answer, sent_image
from adapters.web.channel import OnSite
from adapters.web.site import is_away, is_htmx, to_channel
from adapters.web.visitor import Form, Me
from bot.domain.errors import InvalidRequest
from bot.usecases import account, remake
from bot.usecases.describe import describe, words_to_restyle
from bot.usecases.family import family as family_of
from bot.usecases.mix import choose as choose_child

router = APIRouter()


@router.post("/pictures/{artifact_id}/choose")
async def choose(request: Request, artifact_id: str, form: Form, me: Me, site: OnSite) -> Response:
    """A child, into the gallery."""
    desk = site.deps.desk
    artifact = await choose_child(me.origin(), artifact_id, desk.transactions)
    if is_away(request) or not is_htmx(request):
        return to_channel(request, artifact.job_id)
    view = await account.view(me.origin(), artifact.job_id, desk.transactions)
    body = await site.messages.render(me, view, replacing=True)
    return HTMLResponse(body, headers={"HX-Trigger": "close-viewer"})


@router.post("/pictures/{artifact_id}/refine")
async def refine(request: Request, artifact_id: str, form: Form, me: Me, site: OnSite) -> Response:
    """What a style-based model made, drawn anew by diffusion."""
    key = me.once(str(form.get("token") or ""), {"refine": artifact_id})
    return await answer(request, site, me, await remake.refine(artifact_id, me.origin(key), site.deps.desk))


@router.post("/pictures/{artifact_id}/upscale")
async def upscale(request: Request, artifact_id: str, form: Form, me: Me, site: OnSite) -> Response:
    """A picture, larger."""
    key = me.once(str(form.get("token") or ""), {"upscale": artifact_id})
    return await answer(request, site, me, await remake.upscale(artifact_id, me.origin(key), site.deps.desk))


@router.post("/jobs/{job_id}/mix")
async def remix(request: Request, job_id: str, form: Form, me: Me, site: OnSite) -> Response:
    """Other children of the same two, as the sliders say."""
    given = {name: str(form.get(name) or "") for name in ("coarse", "middle", "fine")}
    shares = {name: share(name, value) for name, value in given.items()}
    key = me.once(str(form.get("token") or ""), {"mix": job_id, "shares": given})
    outcome = await remake.remix(job_id, **shares, origin=me.origin(key), desk=site.deps.desk)
    return await answer(request, site, me, outcome)


@router.get("/pictures/{artifact_id}/family")
async def family(artifact_id: str, me: Me, site: OnSite) -> Response:
    """A picture among those that it was made of and those made of it."""
    tree = await family_of(me.origin(), artifact_id, site.deps.desk.transactions)
    cards = {
        name: [(attachment(artifact, job), job) for artifact, job in pictures]
        for name, pictures in (("parents", tree.parents), ("picture", (tree.picture,)), ("children", tree.children))
    }
    return await site.framed("family.html", me, place="gallery", **cards)


@router.post("/describe")
async def described(form: Form, me: Me, site: OnSite) -> Response:
    """Words that would draw the picture that was sent, for the member to change."""
    image = await sent_image(form)
    if image is None:
        raise InvalidRequest("image-empty")
    return PlainTextResponse(words_to_restyle(await describe(image, me.origin(), site.deps.desk)))
