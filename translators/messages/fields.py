"""What becomes of every field of a message request; `translators.field_fates` says what the tables mean."""

from translators.field_fates import Fates

FATES = Fates(
    mapped={
        "model": "the model; a thinking suffix such as (high) as in a chat completion",
        "messages": "messages, each tool_result a tool message of its own, before the rest of its turn",
        "system": "a system message",
        "max_tokens": "max_tokens",
        "stream": "stream",
        "stop_sequences": "stop; Gemini does not tell which one ended an answer: stop_reason is end_turn then",
        "temperature": "temperature",
        "top_p": "top_p",
        "top_k": "top_k",
        "tools": "tools; web_search_*, web_fetch_* and code_execution_* become Google's own, others of Anthropic's "
        "tools are a 400",
        "tool_choice": "tool_choice: any is required; disable_parallel_tool_use has no counterpart and gives a warning",
        "thinking": "reasoning: budget_tokens its max_tokens, disabled its enabled: false, display omitted its exclude",
        "output_config": "effort: reasoning.effort; format: response_format",
        "output_format": "response_format (the older place of output_config.format)",
        "image_config": "image_config",
        "safety_settings": "safety_settings",
    },
    ignored={
        "cache_control": "Google caches by itself",
        "diagnostics": "asks about Anthropic's cache",
        "inference_geo": "a matter of Anthropic's data centres; Google's is the credential's location",
        "metadata": "says who asks, not what; user_id names the conversation, for `routing.session-affinity` only",
        "service_tier": "a matter of Anthropic's price list, not of the answer",
        "speed": "a matter of Anthropic's price list, not of the answer",
        "user_profile_id": "says who asks, not what",
        "workspace_id": "says who asks, not what",
    },
    warned={
        "context_management": "nothing of the conversation is cleared here; send what the model shall read",
    },
    rejected={
        "container": "there are no containers here; leave it out",
        "mcp_servers": "remote MCP servers are not called from here; call them yourself and declare their tools",
    },
    members={
        "allowed_callers": "the model calls tools itself",
        "caller": "says who called a tool: always the model",
        "defer_loading": "all tools are declared at once",
        "eager_input_streaming": "a call comes whole",
        "id": "a client's own bookkeeping",
        "transformations": "Google scales pictures by itself",
    },
)
