"""Where LOBSTER's sample files are, which aren't ours to give: TICKWIRE_DATA names their folder."""

from __future__ import annotations

import os
from pathlib import Path

from hwtools.toolchain import ROOT

FOLDER = Path(os.environ.get("TICKWIRE_DATA", ROOT.parent / "shared" / "data"))
AMZN = "LOBSTER_SampleFile_AMZN_2012-06-21_5.zip"
AAPL = "LOBSTER_SampleFile_AAPL_2012-06-21_1.zip"
