"""The hls4ml backend: its flows, its configuration, and write, compile, predict, build."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from hls4ml.backends import FPGABackend, VitisBackend
from hls4ml.model.flow import register_flow
from hls4ml.model.optimizer import model_optimizer

from openrtl.checks import check
from openrtl.design import compose, states_of
from openrtl.lower import lower
from openrtl.names import check_name
from openrtl.precision import Numbers
from openrtl.simulate import Simulation

OPTIMIZE = [
    "vivado:remove_final_reshape",
    "vivado:optimize_pointwise_conv",
    "vivado:skip_softmax",
    "vivado:fix_softmax_table_size",
    "infer_precision_types",
]


class OpenRTLBackend(VitisBackend):  # type: ignore[misc]
    """Vitis' layer attributes and initialisers, so that the same graph comes out; no C++."""

    def __init__(self) -> None:
        FPGABackend.__init__(self, "OpenRTL")  # Vitis' own __init__ fixes its name
        self._register_layer_attributes()
        self._register_flows()

    def _init_file_optimizers(self) -> dict[str, Any]:
        return {}  # the C++ templates; the few passes we need are named with their backend

    def _register_flows(self) -> None:
        start = register_flow(
            "init_layers", self._get_layer_initializers(), requires=["optimize"], backend=self.name
        )
        types = register_flow(
            "optimize",
            ["fuse_consecutive_batch_normalization", *OPTIMIZE],
            requires=[start],
            backend=self.name,
        )
        checks = register_flow(
            "check", ["openrtl:check_graph"], requires=[types], backend=self.name
        )
        self._default_flow = register_flow(
            "ip", None, requires=["optimize", start, types, checks], backend=self.name
        )
        self._writer_flow = register_flow(
            "write",
            ["make_stamp", "openrtl:lower_graph", "openrtl:write_hls"],
            requires=[self._default_flow],
            backend=self.name,
        )

    def create_initial_config(
        self,
        part: str = "ecp5-85",
        clock_period: float = 8.0,
        io_type: str = "io_parallel",
        *,
        depth: int = 0,
        tag_bits: int = 4,
        states: Any = (),
        vivado_part: str = "xcku5p-ffvb676-2-e",
        namespace: str | None = None,
        **_: Any,
    ) -> dict[str, Any]:
        """Our part of the conversion's configuration.

        `clock_period` in ns decides how many stages there are, unless `depth` names a number.
        `states` are a step network's own `states`; `tag_bits` is log2 of how many instruments.
        """
        return {
            "Part": part,
            "ClockPeriod": clock_period,
            "IOType": io_type,
            "HLSConfig": {},
            "WriterConfig": {"Namespace": namespace, "WriteTar": False},
            "Depth": depth,
            "TagBits": tag_bits,
            "States": list(states),
            "VivadoPart": vivado_part,
        }

    @model_optimizer()  # type: ignore[untyped-decorator]
    def check_graph(self, model: Any) -> bool:
        check_name(model.config.get_project_name())
        check(model)
        return False

    @model_optimizer()  # type: ignore[untyped-decorator]
    def lower_graph(self, model: Any) -> bool:
        settings = model.config.config
        model.openrtl = lower(model)
        model.openrtl_design = compose(
            model.config.get_project_name(),
            model.openrtl,
            states=states_of(settings["States"]),
            period=float(settings["ClockPeriod"]),
            depth=int(settings["Depth"]),
            tag_bits=int(settings["TagBits"]),
        )
        return False

    @model_optimizer()  # type: ignore[untyped-decorator]
    def write_hls(self, model: Any) -> bool:
        self.writer.write_hls(model)
        return False

    def compile(self, model: Any) -> None:
        """Compile the Verilog for `predict`. hls4ml loads the returned library; there is none."""
        model.openrtl_simulation = Simulation(Path(model.config.get_output_dir()))
        model.openrtl_simulation.compile()

    def predict(self, model: Any, x: Any, simulator: str = "rtl") -> Any:
        """Values in, values out, as hls4ml has it; by the Verilog, or by the integer model."""
        tensors = list(x) if isinstance(x, list | tuple) else [x]
        flat = model.openrtl.quantise_inputs(tensors)
        if simulator == "integers":
            result = model.openrtl.evaluate(flat)
        elif simulator == "rtl":
            result = self._replay(model, flat)
        else:
            raise ValueError(f"simulator={simulator!r}: 'rtl' or 'integers'")
        sizes = [v.size() for v in model.get_output_variables()]
        if model.openrtl_design.recurrent and simulator == "rtl":
            sizes = [result.shape[1]]
        parts = [
            p.astype(tensors[0].dtype) for p in np.split(result, np.cumsum(sizes)[:-1], axis=1)
        ]
        if len(flat) == 1:
            parts = [p[0] for p in parts]
        return parts[0] if len(parts) == 1 else parts

    @staticmethod
    def _replay(model: Any, flat: Numbers) -> Numbers:
        simulation: Simulation = model.openrtl_simulation
        design = model.openrtl_design
        if design.recurrent:
            # The rows are one instrument's ticks: the state is in the hardware, not in the input.
            flat = flat[:, : design.x_count]
        return simulation.run(flat).values

    def build(self, model: Any, **options: Any) -> Any:
        """Synthesise, and place and route where the part allows; see `openrtl.build.build`."""
        from openrtl.build import build

        folder = Path(model.config.get_output_dir())
        period = float(model.config.config["ClockPeriod"])
        return build(folder, **{"part": model.config.config["Part"], "period": period, **options})
