"""Words that finding names needs: nicknames in English and Spanish, names that are also words, and particles. Pure."""

NICKNAMES = """
abigail abby gail
alexander alexandra alexandria alejandro alejandra alex alec lex sandy sandra sasha xander ale
amanda mandy
andrew andreas andrea andres andy drew
anthony antonio antonia tony toni
benjamin benjamín ben benny benji
catherine katherine kathryn catalina kate katie kathy cathy kat kit cat
charles charlotte carlos charlie chuck carlitos charly lottie
christopher christine christina cristina cristian christian chris christy tina kris cris topher
daniel daniela danielle dan danny dani
david davina dave davey
deborah debra deb debbie
dolores lola
dorothy dottie dot
edward eduardo edwin ed eddie ted teddy ned lalo
elizabeth elisabeth isabel isabella isabelle liz lizzie beth betty betsy eliza ellie bella izzy libby lisa isa
emily emilia emma em emmy millie
enrique henry harry hank quique
francis frances francisco francisca frank frankie fran paco pancho cisco kiko
gabriel gabriela gabrielle gabe gabby gabi
gerald geraldine gerard gerry jerry
gregory gregor greg
guadalupe lupe lupita
guillermo william will bill billy willy liam memo
gwendolyn gwen wendy
ignacio nacho
jacob james jacobo diego santiago jake jim jimmy jamie jay santi
jason jay
jeffrey geoffrey jeff geoff
jennifer jen jenny jenna
jessica jess jessie
jesús chuy
john jonathan jonah juan johnny jack jon jonny juanito
joseph josephine josefa josé joe joey jo josie pepe pepa
joshua josh
juana joan joanna joanne jo
katarina katya
kenneth ken kenny
lawrence laurence lorenzo larry
leonard leonardo leo lenny
luis luisa louis louise lou louie lucho
manuel manuela emmanuel manny manolo manu
margaret margarita maggie meg peggy marge rita greta margie daisy
maría mary marie maria mari molly polly
matthew mateo matt matty
maximilian maxwell maxine máximo max
michael michelle miguel micaela mike mikey mick mickey shelly mica
natalie natalia natasha nat tasha nati
nathan nathaniel nate nat
nicholas nicolas nicole nicola nick nicky nico nikki
olivia liv livvy
pamela pam
patrick patricia patricio pat patty tricia trish paddy pato
peter pedro pete
philip phillip felipe phil pip
rafael rafaela rafa
raymond ramón raymundo ray mundo moncho
rebecca becca becky
richard ricardo rick ricky rich richie dick
robert roberta roberto rob robbie bob bobby bert beto
ronald ron ronnie
rosa rosario rosalía rosie rose chayo
samuel samantha sam sammy
sebastian sebastián seb bas
sophia sofía sophie sofi
stephen steven stephanie esteban stefan steve stevie steph
susan susana susanna sue susie suzy
teresa theresa terry tess tessa tere
theodore theo ted teddy
thomas tomás tom tommy
timothy tim timmy
valentina valerie valeria val vale
victor victoria vic vicky tori
vincent vicente vince vinny chente
zachary zachariah zach zack
"""
"""One line for names that call each other."""

EVERYDAY = """
abbey ale angel art august autumn baker banks bass bell berry best bill black bob booker booth brook brooks brown
buddy carpenter case cash cat chance chase chip christian chuck church clay cliff cole cook cooper crystal daisy
dale dawn day destiny dick dot drew duke earl early eden em eve faith farmer field fields fisher forest fox frank
free friend gene glass gold good grace grant gray green guy hall ham hand harmony hazel heath herb hill holiday
holly home honor hope house hunt hunter iris ivy jack jade jay jo joy july june justice king knight lake lane lay
lily little liv long lord lot love lovely luck lucky march mark marks mason max may melody memo mercy miles miller
moon moore moss mundo nat nick noble noel norm oak ocean olive page park parks pat patience peace pearl penny
phoenix pip pope power price prince queen ray read red reed rich river rivers rob robin rock rod rose ruby sage
savage say serenity sharp short shot singer sky small smart smith son spring star stone storm strong sue summer sun
sunny tanner taylor temple trip turner vale van violet wade walker wall ward waters way weaver webb wells west white
wild will willow wise wolf wood woods wright young
"""
"""Names that are also everyday words."""

GRAMMAR = "an do ha he her in ma me my no on or she so to us we you"
"""Names that are also words which any sentence may begin with."""

PARTICLES = "a al bin bint d da das de del den der di do dos du e el ibn la las le los o san santa st van von y"
"""Parts of family names that name nobody."""
