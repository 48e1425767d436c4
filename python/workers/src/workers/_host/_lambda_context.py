"""What the code of a Lambda function sees of its surroundings: the context of a call, and variables."""

from __future__ import annotations

import os
import sys
import time
from typing import TYPE_CHECKING

from workers._host._lambda_logs import set_up_logging
from workers._host._output import record

if TYPE_CHECKING:
    from workers._host._call import FunctionInfo

# Hearth has neither regions nor accounts; code that takes the ARN to pieces gets some of the right form.
_REGION = "us-east-1"
_ACCOUNT = "000000000000"


def set_up(entry: str, info: FunctionInfo) -> None:
    """Set the variables that AWS sets, as far as they mean something here, and the root logger's handler.

    What the project sets wins.
    """
    module, _, attribute = entry.partition(":")
    given = {
        "_HANDLER": f"{module}.{attribute}",
        "AWS_EXECUTION_ENV": f"AWS_Lambda_python{sys.version_info.major}.{sys.version_info.minor}",
        "AWS_LAMBDA_FUNCTION_NAME": info.name,
        "AWS_LAMBDA_FUNCTION_VERSION": str(info.revision),
        # Size of the heap, which the function may share with others of its tenant.
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(info.memory),
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "AWS_LAMBDA_LOG_GROUP_NAME": f"/aws/lambda/{info.name}",
        "AWS_LAMBDA_LOG_STREAM_NAME": f"{info.name}/[{info.revision}]",
        "LAMBDA_TASK_ROOT": os.getcwd(),  # noqa: PTH109 - pathlib would be one more import
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "TZ": ":UTC",
    }
    for name, value in given.items():
        os.environ.setdefault(name, value)
    set_up_logging()


def set_trace(invocation: str) -> None:
    """Set the trace of the call that begins, without which AWS's X-Ray library warns; it is not sampled."""
    digits = invocation.replace("-", "")
    trace = f"Root=1-{digits[:8]}-{digits[8:]};Parent={digits[:16]};Sampled=0"
    os.environ["_X_AMZN_TRACE_ID"] = trace


class CognitoIdentity:
    """Who called by way of Amazon Cognito: nobody."""

    cognito_identity_id: str | None = None
    cognito_identity_pool_id: str | None = None


class LambdaContext:
    """Context object of one call, with the names of AWS Lambda."""

    def __init__(self, info: FunctionInfo, invocation: str, deadline: float) -> None:
        """Set the attributes that handlers expect."""
        region = os.environ.get("AWS_REGION", _REGION)
        self.aws_request_id = invocation
        self.function_name = info.name
        self.function_version = str(info.revision)
        self.invoked_function_arn = f"arn:aws:lambda:{region}:{_ACCOUNT}:function:{info.name}"
        self.memory_limit_in_mb = str(info.memory)
        self.log_group_name = f"/aws/lambda/{info.name}"
        self.log_stream_name = f"{info.name}/[{info.revision}]"
        self.identity = CognitoIdentity()
        self.client_context = None
        self.tenant_id = None
        self._deadline = deadline

    def get_remaining_time_in_millis(self) -> int:
        """Return the time until the call reaches its limit."""
        return max(0, int((self._deadline - time.time()) * 1000))

    def log(self, message: object) -> None:
        """Write a message to the log, without a level."""
        record("", str(message).removesuffix("\n") + "\n", "stdout")

    def w3c(self) -> dict[str, str]:
        """Return the W3C trace context: none reaches the function."""
        return {}

    def __repr__(self) -> str:
        """Return the public attributes."""
        shown = ",".join(f"{name}={value}" for name, value in vars(self).items() if not name.startswith("_"))
        return f"LambdaContext([{shown}])"
