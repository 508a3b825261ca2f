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
        r"\b(?:tiens|tenez|tenir)[ -](?:en )?compte\b|\ben tenir compte\b|\btiens-en compte\b",
        (
            r"\b(?:retiens|retenez|note[zr]?|garde[zr]?|mémorise[zr]?|enregistre[zr]?)[ -](?:ça|cela|bien ceci|ceci"
            r"|le"
            r"|la)\b\s*(?:[:,.!]|$|pour|quelque)"
        ),
        (
            r"\b(?:ajoute[zr]?|mets|mettez|inscri[st]|note[zr]?)\b.{0,60}\b(?:à|dans|sur) (?:mon|ma|mes|ton|ta|tes"
            r"|votre|vos) (?:profil|fiche|mémoire|notes|dossier)\b"
        ),
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
        r"^(?:toujours|ne .{1,30} jamais)\b|,\s*(?:toujours|à chaque fois)[.!]*$",
        (
            r"\b(?:dans|pour|sur) (?:tou(?:te)?s|tout) (?:tes|vos|les|ce que tu|ce que vous)\b|\bà l'avenir\b"
            r"|\bjusqu'à nouvel ordre\b"
        ),
        r"\b(?:prends|prenez) l'habitude\b|\bde manière générale\b|\bsystématiquement\b",
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
    polite=(
        r"\b(?:peux-tu|pourrais-tu|pouvez-vous|pourriez-vous|tu (?:peux|pourrais)|vous (?:pouvez|pourriez))\b",
        r",\s*(?:ok|d'accord|s'il te plaît|stp|svp|merci|hein)\s*\?",
    ),
    reported=(
        (
            r"\b(?!je\b|j'|nous\b|tu\b|on\b)\w+ (?:me |nous |lui )?(?:dit|disait|prétend|affirme|conseille"
            r"|recommande)\b"
            r"(?! bonjour)"
        ),
        r"\b(?:selon|d'après)\b(?! moi)",
    ),
    forget=(
        (
            r"(?<!j')(?<!il )(?<!on )(?<!elle )\boublie[zs]?\b(?!\s+(?:ça|pas|cela|jamais)\b)(?=.*\b(?:que"
            r"|mon|ma|mes|ce que|cette histoire|la règle"
            r"|l'histoire)\b)"
        ),
        r"\b(?:supprime[zs]?|efface[zs]?)\b(?=.*\b(?:mémoire|ce que tu sais|profil|enregistré|retenu)\b)",
        r"\b(?:n'est plus|ne sont plus) (?:valable|vrai|d'actualité)",
        (
            r"\b(?:tu peux|vous pouvez|peux-tu|pouvez-vous|tu pourrais|pourrais-tu|j'aimerais que tu|je veux que tu"
            r"|il faut)\b.{0,15}"
            r"\b(?:oublier|oublies)\b(?=.*\b(?:mon|ma|mes|que|ce que|l'histoire|cette histoire"
            r"|la règle|le coup)\b)"
        ),
        r"\b(?:plus (?:la peine|besoin) de (?:retenir|te souvenir|garder)|ne retiens plus)\b",
        (
            r"\b(?:efface[zs]?|supprime[zs]?)\b(?=.*\b(?:ce que je t'ai dit|ce que je vous ai dit|tout ce que tu"
            r"|sur moi)\b)"
        ),
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
        r"\bque sepas que\b|\bguárda(?:te|lo|telo)?\b.{0,20}\bque\b",
        (
            r"\b(?:apunta|anota|guarda|recuerda|memoriza)(?:lo|te esto|te)?\b(?:,? por favor)?\s*(?:esto|eso"
            r"|lo siguiente)?\s*[:.]"
        ),
        r"\b(?:pon|añade|guarda|mete)\w*\b.{0,60}\ben (?:mi|tu|su) (?:perfil|memoria|ficha|notas)\b",
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
        r"^(?:siempre|nunca|jamás)\b|,\s*(?:siempre|cada vez)[.!]*$",
        (
            r"\ben tod[oa]s? (?:lo que me|tus|las|los|mis)\b|\bhasta nuevo aviso\b|\bpor norma\b|\bacostúmbrate a\b"
            r"|\bcomo norma\b"
        ),
        (
            r"\b(?:quiero|prefiero|necesito) (?:que )?(?:siempre|nunca)\b|\b(?:siempre|nunca) (?:quiero|me|pongas"
            r"|uses)\b"
        ),
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
    polite=(
        r"\b(?:puedes|podrías|puede|podría|me haces el favor de)\b",
        r",\s*(?:vale|ok|sí|por favor|porfa|de acuerdo)\s*\?",
    ),
    reported=(
        r"\b(?!yo\b|tú\b|que\b)\w+ (?:me |nos |siempre )?(?:dice|dijo|decía|asegura|recomienda|afirma)\b",
        r"\bsegún\b(?! yo)",
    ),
    forget=(
        (
            r"(?<!me )(?<!te )(?<!se )\b(?:olvid(?:a|e|ar|ate)|olvídate)\b(?!\s*(?:$|,|\.))(?=\s+(?:de )?(?:que|mi"
            r"|mis|eso de|lo de|lo que|la regla|el"
            r"|la)\b)"
        ),
        r"\b(?:borra|elimina|quita)\b(?=.*\b(?:memoria|lo que sabes|perfil|guardado|guardada)\b)",
        r"\bya no \w+[^?]{1,50}[,;.] ?(?:así que )?(?:olvídal|bórral|quítal|elimínal)[oa]s?\b",
        r"\bya no (?:vale|aplica|es válid[oa])\b",
        (
            r"\bya no \w+[^?]{1,50}[,;.] ?(?:así que )?(?:olvídal[oa]|bórral[oa]|quítal[oa]|elimínal[oa])s?\b"
            r"|\b(?=lo de [^?]{1,60}\bya no\b)|\bya no (?:hace falta|es necesario|necesitas?"
            r"|tienes?)\b.{0,20}\b(?:recuerd|recordar|guard|sab)\w*"
        ),
        (
            r"\b(?:puedes|podrías|quiero que|me gustaría que) (?:te )?olvid\w*\b(?=.*\b(?:mi|mis|lo de"
            r"|lo que|que|la regla|eso)\b)"
        ),
        r"\b(?:borra|elimina|quita)\b(?=.*\b(?:lo que (?:tienes|te dije|has)|sobre mí|de mí)\b)",
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
        r"\b(?:leva|leve)\b.{0,12}\bem conta\b",
        (
            r"\b(?:guarda|guarde|anota|anote|memoriza|memorize|lembra|lembre|regista|registra) (?:aí |isso|isto|disso"
            r"|disto)+\s*[:.!]"
        ),
        (
            r"\b(?:põe|coloca|coloque|guarda|guarde|adiciona)\b.{0,60}\bn[oa]s? (?:meu|minha|teu|tua|seu|sua|suas"
            r"|tuas)?\s?(?:perfil|memória|notas|ficha)\b"
        ),
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
        r"^(?:sempre|nunca|jamais)\b(?! (?:chego|consigo|tenho|fui|vi|tive))|,\s*(?:sempre|toda vez)[.!]*$",
        (
            r"\bem tud[o] (?:o )?que (?:me|fizer|escrever)\b|\b(?:d?aqui) (?:pra|para) (?:a )?frente\b"
            r"|\baté segunda ordem\b|\bcomo regra\b"
        ),
        r"\b(?:quero|prefiro|preciso) (?:que )?(?:sempre|nunca)\b|\bpr?a(?:ra)? mim,? (?:é )?sempre\b",
        r"\b(?:responde|responda|usa|use|escreve|escreva|fala|fale)\b.{0,30}\b(?:sempre|nunca)\b",
    ),
    name=(r"\b(?:me chama|me chame|chama-me|chame-me|trata-me|trate-me)\b(?! (?:às|quando|amanhã))",),
    not_keep=(
        r"\b(?:me lembr[ae]|lembr[ae]-me|avis[ae]-me|me avis[ae])\b",
        r"\b(?:você se lembra|lembras-te|te lembras|você lembra)\b",
        r"\bnão (?:precisa|precisas|é preciso) (?:de )?(?:guardar|lembrar|anotar|memorizar)",
    ),
    passing=(r"\b(?:só (?:por )?(?:hoje|desta vez|dessa vez|agora)|desta vez|dessa vez|por (?:hoje|agora)|hoje)\b",),
    polite=(
        r"\b(?:pode|podes|poderia|podia|podias|consegue)\b",
        r",\s*(?:beleza|tá|tá bom|ok|certo|por favor|pf|pfv|valeu|sim)\s*\?",
    ),
    reported=(
        r"\b(?!eu\b|você\b|que\b)\w+ (?:me |sempre )?(?:diz|disse|dizia|fala que|falou que|recomenda|afirma)\b",
        r"\bsegundo (?:o|a|meu|minha)\b",
    ),
    forget=(
        r"\b(?:esquece|esqueça|esqueçam)\b(?=\s+(?:que|o meu|a minha|meu|minha|o que|aquilo|essa|aquela|a regra)\b)",
        (
            r"\b(?:apaga|apague|remove|remova|elimina)\b(?=.*\b(?:memória|o que sabes|o que você sabe|perfil"
            r"|guardad[oa])\b)"
        ),
        r"\bjá não (?:vale|se aplica|é válid[oa])\b|\bnão vale mais\b",
        (
            r"\b(?:pode|podes|podia|quero que|queria que|gostava que) (?:\w+ )?(?:esquec\w*\b(?=.*\b(?:meu"
            r"|minha|que|aquilo|isso|regra|o)\b)|apag\w* (?:aquilo|isso|essa regra|o que (?:eu )?te (?:disse|falei)))"
        ),
        (
            r"\bnão (?:precisa|precisas) mais (?:de )?(?:lembrar|guardar|saber)\b|\bjá não (?:precisa"
            r"|precisas) (?:de )?(?:lembrar|guardar)\b"
        ),
        (
            r"\b(?:esquece|esqueça|apaga|apague)\b(?=.{0,12}\b(?:o que eu te|o que te|o que eu|tudo o que|o lance"
            r"|a história|isso de|essa)\b)"
        ),
    ),
)

ITALIAN = Language(
    keep=(
        (
            r"\b(?:ricorda(?:ti)?|si ricordi|ricordate)\b(?:,? per favore,?)?\s+(?:che|sempre|di (?:non|usare"
            r"|rispond\w+))\b"
        ),
        r"\b(?:tieni|tienilo|tienine|tenga|tenete|tener)\b.{0,15}\b(?:a mente|presente|conto)\b",
        (
            r"\b(?:segna(?:ti)?|annota(?:ti)?|prendi nota|memorizza|salva(?:ti)?)\b(?:,? per favore,?)?[:,]?\s+(?:che"
            r"|il mio|la mia|i miei|per)\b"
        ),
        r"\bnon dimenticare (?:mai )?che\b",
        r"\bsappi che\b|\btien(?:i|ine|ilo) conto\b",
        r"\b(?:segna|annota|ricorda|salva|memorizza)(?:ti|telo|lo)?\b(?: questo| ciò| bene)?\s*[:.]",
        (
            r"\b(?:metti|aggiungi|scrivi|salva)\b.{0,60}\bn(?:el|ella|elle|ei) (?:mio|mia|tuo|tua|tue"
            r"|tuoi) (?:profilo"
            r"|memoria|note|scheda)\b"
        ),
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
        r"^(?:sempre|mai)\b|,\s*(?:sempre|ogni volta)[.!]*$",
        (
            r"\bin tutt[oei] (?:quello che|ciò che|le|i|gli)\b|\bfino a nuovo ordine\b|\bdi regola\b"
            r"|\bprendi l'abitudine\b|\bda qui in (?:poi|avanti)\b"
        ),
        r"\b(?:voglio|preferisco|vorrei) (?:che )?(?:sempre|mai)\b",
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
    polite=(r"\b(?:puoi|potresti|può|potrebbe)\b", r",\s*(?:ok|va bene|per favore|d'accordo|grazie|sì)\s*\?"),
    reported=(
        r"\b(?!io\b|tu\b|che\b)\w+ (?:mi |ci |sempre )?(?:dice|ha detto|diceva|sostiene|consiglia|afferma)\b",
        r"\bsecondo\b(?! me)",
    ),
    forget=(
        r"\b(?:dimentica(?:ti)?|scorda(?:ti)?)\b(?=\s+(?:che|il mio|la mia|i miei|quello che|la regola|quella)\b)",
        r"\b(?:cancella|elimina|togli)\b(?=.*\b(?:memoria|quello che sai|profilo|salvat[oa])\b)",
        r"\bnon vale più\b",
        (
            r"\b(?:dimentica(?:ti)?|scorda(?:ti)?)\b(?= (?:pure |per favore |anche )?(?:il|la|lo|i|le|di|del|della"
            r"|quel"
            r"|quella|ciò|quello|che)\b)"
        ),
        (
            r"\b(?:puoi|potresti|vorrei che|voglio che) (?:pure )?(?:dimentic"
            r"|scord)\w*\b(?=.*\b(?:mi[oae]i?|il|la|che|quello|quella)\b)"
        ),
        r"\bnon (?:serve|occorre|devi|c'è bisogno) più (?:che |di )?(?:ricord|tener|salv)\w*",
        r"\b(?:cancella|elimina|togli)\b(?=.*\b(?:quello che ti ho detto|su di me|hai salvato|hai memorizzato)\b)",
    ),
)
