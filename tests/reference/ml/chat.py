"""Conversations rendered by Jinja2 as transformers does it (trim_blocks, lstrip_blocks): python chat.py > chat.json (jinja2 3.1)."""
from jinja2.sandbox import ImmutableSandboxedEnvironment
import json
gemma = """{{ bos_token }}
{%- if messages[0]['role'] == 'system' -%}
    {%- set first_user_prefix = messages[0]['content'] + '

' -%}
    {%- set loop_messages = messages[1:] -%}
{%- else -%}
    {%- set first_user_prefix = "" -%}
    {%- set loop_messages = messages -%}
{%- endif -%}
{%- for message in loop_messages -%}
    {%- if (message['role'] == 'user') != (loop.index0 % 2 == 0) -%}
        {{ raise_exception("Conversation roles must alternate") }}
    {%- endif -%}
    {%- if (message['role'] == 'assistant') -%}
        {%- set role = "model" -%}
    {%- else -%}
        {%- set role = message['role'] -%}
    {%- endif -%}
    {{ '<start_of_turn>' + role + '
' + (first_user_prefix if loop.first else "") }}
    {{ message['content'] | trim }}
    {{ '<end_of_turn>
' }}
{%- endfor -%}
{%- if add_generation_prompt -%}
    {{'<start_of_turn>model
'}}
{%- endif -%}
"""
chatml = """{% for m in messages %}
    {% if m.role == 'system' and loop.first %}
<|im_start|>system
{{ m.content.strip() }}<|im_end|>
    {% else %}
{{ '<|im_start|>' + m.role + '\\n' + m.content.strip() + '<|im_end|>' }}
    {% endif %}
{% endfor %}
{% if add_generation_prompt %}
{{ '<|im_start|>assistant\\n' }}
{% endif %}
"""
T = [("system", " Be brief. "), ("user", "One?"), ("assistant", "1"), ("user", " Two? ")]


def rendered(template):
    environment = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True)
    messages = [{"role": role, "content": content} for role, content in T]
    return environment.from_string(template).render(
        messages=messages, add_generation_prompt=True, bos_token="<bos>", eos_token="<eos>")


cases = [{"name": name, "template": template, "messages": T, "rendered": rendered(template)}
         for name, template in [("gemma", gemma), ("chatml", chatml)]]
print(json.dumps(cases, indent=1))
