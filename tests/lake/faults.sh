#!/bin/sh
# A child that answers as a REPL does until a text says what is to go wrong. Knows no Lean; processes started and texts answered
# are counted in files of the current directory.
starts=$(cat starts 2> /dev/null || echo 0)
echo $((starts + 1)) > starts
case " $FAIL_STARTS " in *" $starts "*) echo "no such toolchain" >&2; exit 7 ;; esac
asked=0
text=
while IFS= read -r line; do
    if [ -n "$line" ]; then
        text=$text$line
        continue
    fi
    asked=$((asked + 1))
    if [ -n "$DIES_AFTER" ] && [ "$asked" -gt "$DIES_AFTER" ]; then
        echo "Stack overflow detected. Aborting." >&2
        exit 134
    fi
    case $text in
    *hang*) sleep 987654 ;;
    *crash*) kill -SEGV $$ ;;
    *garbage*) printf 'not JSON at all\n\n' ;;
    *half*) printf '{"env": 1, "mess' && exit 0 ;;
    *shape*) printf '{"environment": 1}\n\n' ;;
    *huge*) head -c 100000000 /dev/zero | tr '\0' 'a' && printf '\n\n' ;;
    *drip*) while :; do printf x && sleep 0.05; done ;;
    *flood*) yes '{"env": 1}' ;;
    *chatter*) printf '{"env": 1}\n\n{"env": 2}\n\n' ;;
    *noise*) printf 'info: something else\n{"env": 1}\n\n' ;;
    *memory*) held=$(head -c 400000000 /dev/zero | tr '\0' 'a') && sleep 987654 ;;
    *forks*) i=0; while [ $i -lt 400 ]; do sleep 876543 & i=$((i + 1)); done; sleep 987654 ;;
    *deaf*) exec < /dev/null; sleep 987654 ;;
    *stderr*) head -c 3000000 /dev/zero | tr '\0' 'e' >&2; printf '{"env": 1}\n\n' ;;
    *long*) printf '{"env": 1, "messages": [{"severity": "info", "pos": {"line": 1, "column": 0}, "endPos": null, "data": "' \
        && head -c 300000 /dev/zero | tr '\0' 'b' && printf '"}]}\n\n' ;;
    *touch*)
        said=
        (cat "$SECRET" > /dev/null) 2> /dev/null && said="$said read-secret"
        (echo x > here) 2> /dev/null && said="$said wrote-project"
        (echo x > "$TMPDIR/x") 2> /dev/null && said="$said wrote-scratch"
        cat lean-toolchain > /dev/null 2>&1 && said="$said read-project"
        (exec 3<> /dev/tcp/127.0.0.1/$PORT) 2> /dev/null && said="$said connected"
        [ -n "$KEY_OF_OTHERS" ] && said="$said saw-key"
        printf '{"env": 1, "messages": [{"severity": "info", "pos": {"line": 1, "column": 0}, "endPos": null, "data": "%s"}]}\n\n' "$said"
        ;;
    *) printf '{"env": %d}\n\n' "$asked" ;;
    esac
    text=
done
