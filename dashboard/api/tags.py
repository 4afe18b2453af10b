"""ETags: whoever asks again and brings the tag of what they have is told in a word that nothing has changed."""

import hashlib

from flask import Request, Response

TAG_DIGITS = 32


def tag(request: Request, response: Response) -> Response:
    """Tag an answer by its content, and leave the content out for whoever has it already."""
    response.vary.update(("Authorization", "Cookie"))
    if response.status_code != 200 or response.mimetype != "application/json":  # a stream has no end to tag
        return response
    response.set_etag(hashlib.sha256(response.get_data()).hexdigest()[:TAG_DIGITS])
    response.make_conditional(request)
    return response
