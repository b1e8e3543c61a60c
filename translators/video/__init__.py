"""Video requests and answers: callers' forms -> VideoSpec -> Google's bodies; operations -> outcomes -> answers.

read_chat, read_config    a chat completion -> VideoSpec
validate                  VideoSpec + the catalogue's limits -> errors before money
veo, omni                 VideoSpec -> the body Google gets
operation, interaction    what Google says -> Pending | Succeeded | Failed
answer                    a finished job -> a chat completion
"""
