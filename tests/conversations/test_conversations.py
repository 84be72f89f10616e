"""Every scene of every script in this folder, word for word."""

import os
from difflib import unified_diff
from pathlib import Path

import pytest

from handlers.registry import ACTS, COMMANDS, DIALOGUES, JOBS, WATCHES
from tests.conversations.acting import act
from tests.conversations.script import FOLDER, Scene, rewrite, scenes_of
from tests.conversations.stage import Stage

FILES = sorted(FOLDER.glob("*.txt"))
SCENES = [scene for file in FILES for scene in scenes_of(file)]


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.name)
async def test_the_scene_goes_as_it_is_written(scene: Scene, stage: Stage, recording: Path) -> None:
    acted = await act(stage, scene, recording)
    if os.environ.get("TRUCCAM_ACCEPT") == "1":
        assert "PYTEST_XDIST_WORKER" not in os.environ, "scripts are rewritten by one process: pytest -n 0"
        rewrite(scene, acted)
        return
    written = scene.text.strip("\n").split("\n")
    difference = list(unified_diff(written, acted.strip("\n").split("\n"), "written", "acted", lineterm=""))
    assert not difference, "\n".join(difference)


# Features whose part of the story is told in another one's script.
TOLD_ELSEWHERE = {
    "incident_draft": "incident",
    "incident_work": "incident_book",
    "card": "decide",
    "send_request": "request",
    "help_": "help",
    "measuring": "retention",
}


def test_every_feature_has_its_script() -> None:
    dialogues = [takes for takes, _life in DIALOGUES.values()]
    acts = (*COMMANDS.values(), *ACTS.values(), *dialogues, *JOBS.values(), *WATCHES)
    features = {act.__module__.removeprefix("handlers.") for act in acts}
    scripts = {file.stem for file in FILES}
    assert {TOLD_ELSEWHERE.get(feature, feature) for feature in features} - scripts == set()


def test_every_command_is_used_in_a_script() -> None:
    written = "\n".join(line for scene in SCENES for line in scene.inputs)
    assert [name for name in COMMANDS if f": /{name}" not in written] == []


def test_no_two_scenes_of_a_script_have_one_title() -> None:
    titles = [(scene.file, scene.title) for scene in SCENES]
    assert len(titles) == len(set(titles))
