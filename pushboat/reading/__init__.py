"""The one read side: what pages, API and commands show, put together from the store once for all of them."""
