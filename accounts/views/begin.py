"""The page that makes the first administrator of an empty installation."""

from django.http import Http404, HttpRequest, HttpResponse

from accounts.access import access, public
from accounts.models import User


@access(public("answers only while nobody has an account, and never again"))
def begin(_request: HttpRequest) -> HttpResponse:
    if User.objects.exists():
        raise Http404
    return HttpResponse("begin")
