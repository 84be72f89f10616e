"""How Hikvision firmware lines differ from each other: quirks to be switched on one by one, or together."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from simulator.recorder.switches import Switches

Namespace = Literal["hikvision", "isapi", "psia", "std-cgi", "mixed", "prefix", "undeclared prefix"]


@dataclass(slots=True)
class IsapiSwitches(Switches):
    """Quirks of ISAPI devices, each observed on some.

    Attributes:
        namespace: what the elements of documents belong to; "mixed": some have another than their root;
            None: as each document usually has it.
        byte_order_mark: documents begin with one.
        declaration: documents begin with an XML declaration.
        ends_with_zero: documents end with a zero byte.
        errors_with_200: every refusal comes under HTTP 200.
        refused: endpoints (as in `SimulatedRecorder.calls`) and the subStatusCode that they answer.
        stale_every: every so many logins the nonce is called stale; 0: only when it is old.
        paging: which spelling of the page position is read; "ignored": the first page comes again and again.
        page_limit: the most files on one page, whatever was asked.
        most_results: a search that asks for more at once is refused; None: it gets fewer.
        counts_all: `numOfMatches` is the total.
        touching_files: files that only touch the asked span are listed, too.
        wide_search_refused: a search over years is refused ("Tag 13 is invalid").
        time_suffix: what follows the digits of times in results.
        playback_host: what stands before the path of playback addresses; None: there are none.
        announced_bytes: what every file is said to measure; None: about what it does.
        by_time_gives_file: a download by time ignores its times and gives the whole file.
        playback_runs_on: recorded video does not stop at its end.
    """

    namespace: Namespace | None = None
    byte_order_mark: bool = False
    declaration: bool = True
    ends_with_zero: bool = False
    errors_with_200: bool = False
    refused: Mapping[str, str] = field(default_factory=dict)
    stale_every: int = 0
    paging: Literal["searchResultPostion", "searchResultPosition", "both", "ignored"] = "searchResultPostion"
    page_limit: int = 64
    most_results: int | None = None
    counts_all: bool = False
    touching_files: bool = False
    wide_search_refused: bool = False
    time_suffix: str = "Z"
    playback_host: str | None = "rtsp://192.168.1.64"
    announced_bytes: int | None = None
    by_time_gives_file: bool = False
    playback_runs_on: bool = False
