"""Video requests and answers: callers' forms -> VideoSpec -> Google's bodies; operations -> outcomes -> answers.

read_chat, read_config    a chat completion -> VideoSpec
read_create, form_fields  a request of the Videos API, or of OpenRouter's, as JSON or as a form -> VideoSpec
validate                  VideoSpec + the catalogue's limits -> errors before money
veo, omni                 VideoSpec -> the body Google gets
operation, interaction    what Google says -> Pending | Succeeded | Failed
answer                    a finished job -> a chat completion
job_view                  a job as its callers may see it -> video_object, openrouter
"""
