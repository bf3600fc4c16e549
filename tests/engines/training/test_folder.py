"""A folder of one's own becomes training data, and a bad one is one sentence that names the file."""

import io
import json
import random

import numpy as np
import pytest
import torch
from PIL import Image

pytest.importorskip("dicebear", reason="the training extra is not installed")

from engines.avatar.codec import PatchAutoencoder
from engines.training import folder as own
from engines.training import latents
from engines.training.attributes import CAPTION
from engines.training.captions import write
from engines.training.codec import fit_components, pictures
from engines.training.data import read_chunks


def fill(folder, count=12, captions=True):
    folder.mkdir(parents=True, exist_ok=True)
    for index in range(count):
        Image.new("RGB", (40 + index, 30), (index * 20, 100, 50)).save(folder / f"{index:02}.png")
        if captions:
            (folder / f"{index:02}.txt").write_text(f"a robot with a red background, number {index}\n")
    return folder


def test_captions_beside_pictures_and_in_metadata_are_the_same(tmp_path):
    beside, listed = fill(tmp_path / "a"), fill(tmp_path / "b", captions=False)
    lines = [{"file_name": f"{i:02}.png", "text": f"a robot with a red background, number {i}"} for i in range(12)]
    (listed / "metadata.jsonl").write_text("\n".join(map(json.dumps, lines)))
    names = [[(pair.path.name, pair.caption) for pair in own.read_pairs(folder)] for folder in (beside, listed)]
    assert names[0] == names[1] and len(names[0]) == 12


def damage(folder, name, data):
    (folder / name).write_bytes(data)


def bomb():
    out = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(out, "PNG")
    return out.getvalue()


@pytest.mark.parametrize(
    ("spoil", "named"),
    [
        (lambda f: (f / "03.txt").unlink(), "03.png has no caption"),
        (lambda f: damage(f, "03.txt", b"   \n"), "03.txt holds no caption"),
        (lambda f: damage(f, "03.txt", b"\xff\xfe\x00"), "03.txt is not text in UTF-8"),
        (lambda f: damage(f, "metadata.jsonl", b'{"file_name": "03.png"}\n'), "line 1 holds no caption"),
        (lambda f: damage(f, "metadata.jsonl", b"[1]\n"), "line 1 is not a JSON object"),
        (lambda f: damage(f, "metadata.jsonl", b'{"file_name": "../x.png", "text": "x"}'), "line 1 names ../x.png"),
        (lambda f: damage(f, "metadata.jsonl", b'{"file_name": "99.png", "text": "x"}'), "line 1 names 99.png"),
        (lambda f: [path.unlink() for path in f.glob("*.png")], "holds no pictures"),
        (lambda f: [path.unlink() for path in f.glob("0*.png")], "holds 2 pictures; at least 10"),
    ],
)  # fmt: skip
def test_a_bad_folder_is_one_sentence_that_names_the_file(tmp_path, spoil, named):
    folder = fill(tmp_path / "f")
    spoil(folder)
    with pytest.raises(own.BadFolder, match=named) as error:
        own.read_pairs(folder)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"not a picture", "not a readable"),
        (bomb(), "megapixels"),
        ((lambda o: (Image.effect_noise((64, 64), 9).save(o, "PNG"), o.getvalue()[:900])[1])(io.BytesIO()), "damaged"),
    ],
)  # fmt: skip
def test_a_bad_picture_is_one_sentence_that_names_the_file(tmp_path, data, said):
    damage(tmp_path, "x.png", data)
    with pytest.raises(own.BadFolder, match=rf"x\.png: .*{said}"):
        own.read_picture(tmp_path / "x.png", 64)


def test_a_folder_that_is_not_there(tmp_path):
    with pytest.raises(own.BadFolder, match="is not a folder"):
        own.read_pairs(tmp_path / "nowhere")


@pytest.fixture
def chunks(tmp_path, monkeypatch):
    monkeypatch.setattr(own, "understand", lambda captions: [{"style": "robot", "background": "red"} for _ in captions])
    assert own.write_folder(fill(tmp_path / "f"), tmp_path / "chunks", 128) == 2
    return tmp_path / "chunks"


def test_pictures_come_back_as_they_were_with_their_own_captions(chunks):
    test, rest = read_chunks(chunks)
    assert (len(test), len(rest)) == (1, 11)
    numbers = set()
    for drawn in test + rest:
        caption = write(drawn.labels, random.Random(0))
        assert caption.text == drawn.labels[CAPTION] and caption.mentioned == {"style": "robot", "background": "red"}
        index = int(caption.text.split()[-1])
        colour = pictures([drawn], random.Random(0))[0, :, 64, 64]
        assert torch.allclose(colour, torch.tensor([index * 20, 100, 50]) / 255 * 2 - 1, atol=0.02)
        numbers.add(index)
    assert numbers == set(range(12))


def test_pictures_of_ones_own_become_latents_that_no_colours_are_poured_into(chunks, tmp_path, monkeypatch):
    drawn = [one for chunk in read_chunks(chunks) for one in chunk]
    codec = PatchAutoencoder(latent_channels=4, width=(8, 8, 8), blocks=(1, 1, 1))
    noisy = pictures(drawn, random.Random(0)) + torch.randn(12, 3, 128, 128) * 0.1
    codec.mean, codec.basis, codec.scale = fit_components(noisy, 4)
    codec.save_pretrained(tmp_path / "codec")
    arguments = ["--data", str(chunks), "--codec", str(tmp_path / "codec"), "--out", str(tmp_path / "latents")]
    monkeypatch.setattr("sys.argv", ["latents", *arguments])
    latents.main()
    made = latents.LatentCharacters(tmp_path / "latents")
    assert len(made) == 12 and made.parts.shape[1] == 1
    for index in range(12):
        latent, labels = made.draw(index, random.Random(index), mirror=False)
        assert torch.allclose(latent, codec.project(pictures([drawn[index]], random.Random(0)))[0], atol=0.02)
        assert labels == drawn[index].labels


def test_the_text_encoder_reads_labels_off_captions():
    read = own.understand(["a happy green robot with an antenna", "一座城堡", "invoice 4711 of the tax office"])
    assert read[0]["style"] == "robot" and read[0]["top"] == "antenna" and read[0]["colour"] == "green"
    assert read[1] == {}
    assert np.mean([len(one) for one in read[1:]]) <= 1
