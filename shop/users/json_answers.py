"""Addresses that a program on a phone calls: it is told in JSON what a person would be shown on a sign-in page."""

from django.http import HttpRequest, JsonResponse


def answers_in_json(request: HttpRequest) -> bool:
    """Whether the resolved view says so of itself (`view.answers_in_json = True`)."""
    match = request.resolver_match
    return match is not None and getattr(match.func, "answers_in_json", False)


def refused(code: str, *, status: int) -> JsonResponse:
    """401 "signed_out", 403 "second_factor" or "form_token", 404 "not_here"; nothing was written."""
    answer = JsonResponse({"code": code}, status=status)
    answer.headers["Cache-Control"] = "no-store"
    return answer
