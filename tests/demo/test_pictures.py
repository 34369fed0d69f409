"""The pictures of the demo are pictures, all different, and small enough for thousands of visits to share."""

from io import BytesIO

from PIL import Image

from fieldsvc.demo.pictures import draw_all


def test_thirty_different_pictures_of_houses_rooms_and_booklets() -> None:
    pictures = draw_all()
    assert len({picture.jpeg for picture in pictures}) == 30
    assert {picture.shows for picture in pictures} == {"outside", "inside", "booklet"}
    for picture in pictures:
        with Image.open(BytesIO(picture.jpeg)) as image:
            assert image.format == "JPEG"
            assert min(image.size) > 800
        assert len(picture.jpeg) < 120_000
