"""What the site promises."""


def test_the_front_page_has_the_last_close(client):
    page = client.get("/").text
    assert "Apple" in page
    assert "430.47" in page


def test_there_is_no_such_share(client):
    assert client.get("/stocks/NONE").status_code == 404


def test_a_search_is_text(client):
    page = client.get("/", query_string={"q": "<b>' OR 1=1 --"}).text
    assert "&lt;b&gt;" in page
    assert "Apple" not in page


def test_who_is_not_logged_in_is_sent_to_the_log_in(client):
    response = client.get("/watchlist/")
    assert response.status_code == 302
    assert response.location == "/account/log-in?next=%2Fwatchlist%2F"


def test_ada_watches_a_share(ada):
    assert ada.post("/watchlist/", data={"ticker": "AAPL"}).status_code == 303
    assert "AAPL" in ada.get("/watchlist/").text


def test_a_share_is_watched_once(ada):
    ada.post("/watchlist/", data={"ticker": "AAPL"})
    again = ada.post("/watchlist/", data={"ticker": "AAPL"})
    assert (again.status_code, "You watch it already." in again.text) == (422, True)


def test_nobody_else_can_delete_it(app, ada):
    ada.post("/watchlist/", data={"ticker": "AAPL"})
    bob = app.test_client()
    bob.post(
        "/account/sign-up", data={"email": "bob@ticker.example", "password": "another password"}
    )
    assert bob.post("/watchlist/1/delete").status_code == 404


def test_the_api_goes_page_by_page(client):
    first = client.get("/api/stocks/AAPL/prices?size=1").json
    second = client.get(first["next"]).json
    assert [first["items"][0]["close"], second["items"][0]["close"]] == [430.47, 441.40]
    assert second["next"] is None


def test_the_api_says_what_is_wrong(client):
    response = client.get("/api/stocks/AAPL/prices?page=0&size=1e3")
    assert (response.status_code, set(response.json["errors"])) == (422, {"page", "size"})
