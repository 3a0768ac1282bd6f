"""What a shell completes `tickwire` by: the commands, then the options that their --help lists."""

from __future__ import annotations

from collections.abc import Sequence

_OPTIONS = "--help --version --completion"
# Options are read off --help, so that they can't differ from it.
_BASH = """\
_tickwire() {
  local word=${COMP_WORDS[COMP_CWORD]}
  if [ "$COMP_CWORD" = 1 ]; then
    COMPREPLY=($(compgen -W "@COMMANDS@" -- "$word"))
  elif [ "${word#-}" != "$word" ]; then
    COMPREPLY=($(compgen -W "$("${COMP_WORDS[0]}" "${COMP_WORDS[1]}" --help |
      grep -oE -e '(^|[ ,[|])--[a-z][a-z-]*' | tr -d ' ,[|' | sort -u)" -- "$word"))
  fi
}
complete -o default -F _tickwire tickwire
"""
_SCRIPTS = {
    "bash": _BASH,
    "zsh": "autoload -U +X compinit && compinit; autoload -U +X bashcompinit && bashcompinit\n"
    + _BASH,
    "fish": """\
complete -c tickwire -n __fish_use_subcommand -f -a "@COMMANDS@"
complete -c tickwire -n "not __fish_use_subcommand" -a "(tickwire (commandline -opc)[2] --help |
  string match -ar -- '--[a-z][a-z-]+' | sort -u)"
""",
}


def script(shell: str, commands: Sequence[str]) -> str:
    """For a shell to evaluate."""
    if shell not in _SCRIPTS:
        raise ValueError(f"--completion {shell}: {', '.join(_SCRIPTS)}".replace(" :", ":"))
    return _SCRIPTS[shell].replace("@COMMANDS@", " ".join([*commands, _OPTIONS])).rstrip()
