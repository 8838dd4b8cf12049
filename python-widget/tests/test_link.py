import pytest
from cnn_playground.link import link_text


@pytest.mark.parametrize(
    ("link", "choices", "text"),
    [
        ("", {}, "v=1"),
        ("", {"permute": "fixed", "residual": False, "mean": [0.5, 0.5]}, "v=1&permute=fixed&residual=off&mean=0.5,0.5"),
        ("https://a.test/x/?y=1#v=1&lab=residual&embed=1", {}, "v=1&lab=residual"),
        ("#v=1&train=640", {"train": 100, "net": "own", "layers": "conv 3&4"}, "v=1&train=100&net=own&layers=conv+3%264"),
        ("v=1&train=640&test=50", {"train": None}, "v=1&test=50"),
    ],
)
def test_a_link_takes_further_choices(link, choices, text):
    assert link_text(link, choices) == text
