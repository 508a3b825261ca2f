"""French, Spanish, Portuguese and Italian."""

from __future__ import annotations

from spanwise.processors.user.languages.language import Language

FRENCH = Language(
    keep=(
        r"\b(?:souviens-toi|souvenez-vous|rappelle-toi|rappelez-vous)\b(?! (?:quand|du jour))",
        r"\bn'oublie[zs]?(?: pas| jamais) que\b",
        (
            r"\b(?:retiens|retenez|mémorise[zr]?|note[zr]?|enregistre[zr]?|retenir)\b(?:[ -](?:bien|le|la|ça|cela"
            r"|s'il te plaît|stp|svp))*,?\s+(?:que|qu'|mon|ma|mes|pour (?:plus tard|la suite|l'avenir))"
        ),
        r"\bgarde[zr]?\b.{0,30}\b(?:en (?:tête|mémoire)|à l'esprit)\b",
        r"\bsache[zs]? que\b",
        (
            r"\b(?:soit|reste) (?:bien )?(?:noté|enregistré|indiqué|précisé)\b|\b(?:prends|prenez"
            r"|prendre) (?:bonne )?note\b|\bpour (?:info|mémoire|la suite|plus tard)\b\s*[:,]"
        ),
    ),
    lasting=(
        r"\b(?:désormais|dorénavant|à l'avenir|par défaut|plus jamais|une fois pour toutes)\b",
        r"\bà partir (?:de maintenant|d'aujourd'hui|de ce jour)\b",
        r"\b(?:tou(?:te)?s|chacune de) (?:mes|nos|les) (?:prochaine?s|futures?|demandes)\b",
        r"\b(?:à chaque|chaque) fois que (?:je|nous|on|tu)\b",
        r"\bne (?:me|nous) \w+(?:-\w+)? (?:plus|jamais)\b",
        r"^(?:toujours|ne .{1,30} jamais)\b",
        r"\b(?:réponds|répondez|écris|utilise[zs]?|parle|propose)\b(?:-\w+)?.{0,30}\b(?:toujours|jamais)\b",
    ),
    name=(r"\bappell?e[zs]?-moi\b", r"\btutoie[zs]?-moi\b", r"\bvouvoie[zs]?-moi\b"),
    not_keep=(
        r"\brappelle[zs]?-moi\b",
        r"\b(?:tu te souviens|te souviens-tu|vous souvenez-vous|est-ce que tu te)\b",
        r"\bpas (?:besoin|la peine) de (?:retenir|noter|mémoriser|garder)\b",
        r"\bne (?:retiens|note|garde)\b.{0,12}\bpas\b",
    ),
    passing=(
        (
            r"\b(?:cette fois|pour (?:aujourd'hui|ce soir|cette fois|l'instant|le moment)|juste (?:pour|cette)"
            r"|aujourd'hui seulement)\b"
        ),
    ),
    polite=(r"\b(?:peux-tu|pourrais-tu|pouvez-vous|pourriez-vous|tu (?:peux|pourrais)|vous (?:pouvez|pourriez))\b",),
    forget=(
        (
            r"(?<!j')(?<!il )(?<!on )(?<!elle )\boublie[zs]?\b(?!\s+(?:ça|pas|cela|jamais)\b)(?=.*\b(?:que"
            r"|mon|ma|mes|ce que|cette histoire|la règle"
            r"|l'histoire)\b)"
        ),
        r"\b(?:supprime[zs]?|efface[zs]?)\b(?=.*\b(?:mémoire|ce que tu sais|profil|enregistré|retenu)\b)",
        r"\b(?:n'est plus|ne sont plus) (?:valable|vrai|d'actualité)",
    ),
)

SPANISH = Language(
    keep=(
        r"\brecuerd[ae]n?\b(?:,? por favor,?)?\s+(?:que|siempre|mi|mis|esto|para)\b",
        r"\bacu[eé]rdate (?:de )?(?:que|siempre)\b",
        (
            r"\b(?:ten|tenga|tened|tener)(?:lo|me)?\b.{0,15}\b(?:en cuenta|presente)\b.{0,40}\b(?:que|siempre"
            r"|adelante|para)\b"
        ),
        (
            r"\b(?:apunta|anota|guarda|memoriza|ap[uú]nta|an[oó]ta|gu[aá]rda)(?:te|lo"
            r"|telo)?\b(?:,? por favor,?)?\s+(?:que|mi|mis|para)\b"
        ),
        r"\bno (?:te )?olvides (?:de )?que\b",
        r"\bque sepas que\b",
        (
            r"\b(?:que (?:quede|conste)|quede|consta) (?:anotado|registrado|claro|apuntado|guardado)?\b|\btoma nota\b"
            r"|\bpara (?:que lo sepas|futuras? \w+)\b\s*[:,]"
        ),
    ),
    lasting=(
        (
            r"\b(?:a partir de (?:ahora|hoy)|de (?:ahora|hoy|aquí) en adelante|desde (?:ahora|hoy)|en (?:el )?futuro"
            r"|en adelante)\b"
        ),
        (
            r"\bno (?:me|nos|les|le) (?:vuelvas?|vuelvan) a\b|\bno (?:me|nos) \w+ (?:nunca )?más\b|\bnunca (?:me"
            r"|nos) \w+\b"
        ),
        r"\b(?:por defecto|nunca más|para siempre|de una vez por todas)\b",
        r"\b(?:siempre que|cada vez que) (?:te|yo|me|os|pida|pregunte|busque|haga|\w+ (?:te|me))\b",
        r"\b(?:en|para) todas (?:mis|nuestras|las) (?:próximas|futuras|\w+ futuras)\b",
        r"^(?:siempre|nunca|jamás)\b",
        r"\b(?:responde|contesta|usa|utiliza|escribe|háblame|dame)\w*\b.{0,30}\b(?:siempre|nunca)\b",
    ),
    name=(
        r"\bll[aá]m[ae]me\b(?! (?:al|a las|cuando|mañana|luego|más))",
        r"\bpuedes llamarme\b",
        r"\b(?:trátame|tutéame)\b",
    ),
    not_keep=(
        r"\b(?:recu[eé]rd[ae]me|av[ií]same)\b",
        r"\b(?:te acuerdas|recuerdas|se acuerda)\b",
        (
            r"\bno (?:hace falta|necesitas|hay que|tienes que) (?:que )?(?:recordar|guardar|apuntar|anotar|recuerdes"
            r"|guardes)"
        ),
    ),
    passing=(
        r"\b(?:solo|sólo) (?:por )?(?:hoy|esta vez|ahora)\b",
        r"\b(?:por (?:hoy|esta vez|ahora)|esta vez|de momento|hoy)\b",
    ),
    polite=(r"\b(?:puedes|podrías|puede|podría|me haces el favor de)\b",),
    forget=(
        (
            r"(?<!me )(?<!te )(?<!se )\bolvid(?:a|e|ar|ate)\b(?!\s*(?:lo|$|,|\.))(?=\s+(?:de )?(?:que|mi"
            r"|mis|eso de|lo de|lo que|la regla|el"
            r"|la)\b)"
        ),
        r"\b(?:borra|elimina|quita)\b(?=.*\b(?:memoria|lo que sabes|perfil|guardado|guardada)\b)",
        r"\bya no (?:vale|aplica|es válid[oa])\b",
    ),
)

PORTUGUESE = Language(
    keep=(
        r"\b(?:lembra|lembre)(?:-te|-se)?\b(?:,? por favor,?)?\s+(?:de )?(?:que|sempre|disto|disso)\b",
        (
            r"\b(?:anota|anote|guarda|guarde|memoriza|memorize|regista"
            r"|registra)\b(?: aí)?(?:,? por favor,?)?[:,]?\s+(?:que|o meu|a minha|meu|minha|para|eu)\b"
        ),
        r"\b(?:tem|tenha|tenham)\b.{0,12}\b(?:em conta|em mente|presente)\b",
        r"\bnão (?:te )?esque[cç]as? (?:de )?que\b",
        r"\b(?:leva|leve) em conta que\b",
        r"\bfica (?:a saber|sabendo) que\b",
        r"\b(?:que (?:fique|conste)|fique|deixa) (?:anotad|registad|registrad|gravad)[oa]\b|\btoma nota\b",
    ),
    lasting=(
        (
            r"\b(?:a partir de (?:agora|hoje)|de (?:agora|hoje|ora) em diante|daqui (?:para|pra|em) (?:a )?(?:frente"
            r"|diante)|no futuro|doravante)\b"
        ),
        (
            r"\bnão (?:me|nos) (?:volte[sm]?|voltem) a\b|\bnão (?:me )?\w+ (?:nunca )?mais\b(?= (?:de|o|a|os|as"
            r"|para)?)(?=.*\b(?:me|mim)\b)"
        ),
        r"\b(?:por padrão|por defeito|nunca mais|para sempre|de uma vez por todas)\b",
        r"\b(?:sempre que|(?:toda|cada) vez que) (?:eu|te|me|pedir|perguntar|a gente|\w+r)\b",
        r"\bem todas (?:as )?(?:minhas )?(?:próximas|futuras)\b",
        r"^(?:sempre|nunca|jamais)\b(?! (?:chego|consigo|tenho|fui|vi|tive))",
        r"\b(?:responde|responda|usa|use|escreve|escreva|fala|fale)\b.{0,30}\b(?:sempre|nunca)\b",
    ),
    name=(r"\b(?:me chama|me chame|chama-me|chame-me|trata-me|trate-me)\b(?! (?:às|quando|amanhã))",),
    not_keep=(
        r"\b(?:me lembr[ae]|lembr[ae]-me|avis[ae]-me|me avis[ae])\b",
        r"\b(?:você se lembra|lembras-te|te lembras|você lembra)\b",
        r"\bnão (?:precisa|precisas|é preciso) (?:de )?(?:guardar|lembrar|anotar|memorizar)",
    ),
    passing=(r"\b(?:só (?:por )?(?:hoje|desta vez|dessa vez|agora)|desta vez|dessa vez|por (?:hoje|agora)|hoje)\b",),
    polite=(r"\b(?:pode|podes|poderia|podia|podias|consegue)\b",),
    forget=(
        r"\b(?:esquece|esqueça|esqueçam)\b(?=\s+(?:que|o meu|a minha|meu|minha|o que|aquilo|essa|aquela|a regra)\b)",
        (
            r"\b(?:apaga|apague|remove|remova|elimina)\b(?=.*\b(?:memória|o que sabes|o que você sabe|perfil"
            r"|guardad[oa])\b)"
        ),
        r"\bjá não (?:vale|se aplica|é válid[oa])\b",
    ),
)

ITALIAN = Language(
    keep=(
        (
            r"\b(?:ricorda(?:ti)?|si ricordi|ricordate)\b(?:,? per favore,?)?\s+(?:che|sempre|di (?:non|usare"
            r"|rispond\w+))\b"
        ),
        r"\b(?:tieni|tenga|tenete|tener)\b.{0,15}\b(?:a mente|presente|conto)\b",
        (
            r"\b(?:segna(?:ti)?|annota(?:ti)?|prendi nota|memorizza|salva(?:ti)?)\b(?:,? per favore,?)?[:,]?\s+(?:che"
            r"|il mio|la mia|i miei|per)\b"
        ),
        r"\bnon dimenticare (?:mai )?che\b",
        r"\bsappi che\b",
        r"\b(?:resti|rimanga|sia) (?:annotat|registrat|salvat|segnat)[oa]\b",
    ),
    lasting=(
        r"\bnon (?:mi|ci) \w+(?:re|are)? (?:mai )?più\b|\bnon \w+mi (?:mai )?più\b",
        (
            r"\b(?:d'ora in (?:poi|avanti)|da (?:ora|oggi|adesso) in (?:poi|avanti)|in futuro|per il futuro"
            r"|una volta per tutte|mai più|per sempre)\b"
        ),
        r"\b(?:ogni volta che|sempre quando) (?:ti|io|mi|chiedo|\w+o)\b",
        r"\bin tutte le (?:mie )?(?:prossime|future)\b",
        r"^(?:sempre|mai)\b",
        r"\b(?:rispondi|usa|scrivi|parla)\w*\b.{0,30}\b(?:sempre|mai)\b",
    ),
    name=(r"\bchiamami\b(?! (?:alle|quando|domani|dopo))", r"\b(?:puoi chiamarmi|dammi del (?:tu|lei))\b"),
    not_keep=(
        r"\b(?:ricordami|avvisami)\b",
        r"\b(?:ti ricordi|si ricorda|ricordi (?:quando|quale|che))\b",
        r"\bnon (?:serve|c'è bisogno|devi) (?:di )?(?:ricordar\w*|salvar\w*|memorizzar\w*|annotar\w*)",
    ),
    passing=(
        (
            r"\b(?:solo (?:per )?(?:oggi|stavolta|questa volta|adesso)|questa volta|stavolta|per (?:oggi|ora|adesso)"
            r"|oggi)\b"
        ),
    ),
    polite=(r"\b(?:puoi|potresti|può|potrebbe)\b",),
    forget=(
        r"\b(?:dimentica(?:ti)?|scorda(?:ti)?)\b(?=\s+(?:che|il mio|la mia|i miei|quello che|la regola|quella)\b)",
        r"\b(?:cancella|elimina|togli)\b(?=.*\b(?:memoria|quello che sai|profilo|salvat[oa])\b)",
        r"\bnon vale più\b",
    ),
)
