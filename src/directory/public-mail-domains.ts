/**
 * Domains under which anybody gets a mailbox: claiming one would send strangers to one organization's
 * sign-in. The large providers with their national names, and what internet access comes with.
 */
const names = `
gmail.com googlemail.com
outlook.com outlook.at outlook.be outlook.cl outlook.co.id outlook.co.il outlook.co.nz outlook.co.th
outlook.com.ar outlook.com.au outlook.com.br outlook.com.gr outlook.com.pe outlook.com.tr outlook.com.vn
outlook.cz outlook.de outlook.dk outlook.es outlook.fr outlook.hu outlook.ie outlook.in outlook.it
outlook.jp outlook.kr outlook.lv outlook.my outlook.ph outlook.pt outlook.sa outlook.sg outlook.sk
hotmail.com hotmail.at hotmail.be hotmail.ca hotmail.ch hotmail.cl hotmail.co.id hotmail.co.il
hotmail.co.jp hotmail.co.kr hotmail.co.nz hotmail.co.th hotmail.co.uk hotmail.co.za hotmail.com.ar
hotmail.com.au hotmail.com.br hotmail.com.hk hotmail.com.tr hotmail.com.tw hotmail.com.vn hotmail.cz
hotmail.de hotmail.dk hotmail.es hotmail.fi hotmail.fr hotmail.gr hotmail.hu hotmail.it hotmail.lt
hotmail.lv hotmail.my hotmail.nl hotmail.no hotmail.ph hotmail.rs hotmail.se hotmail.sg hotmail.sk
live.com live.at live.be live.ca live.cl live.cn live.co.kr live.co.uk live.co.za live.com.ar
live.com.au live.com.mx live.com.my live.com.pt live.com.sg live.de live.dk live.fi live.fr live.hk
live.ie live.in live.it live.jp live.nl live.no live.ru live.se msn.com passport.com windowslive.com
onmicrosoft.com
yahoo.com yahoo.at yahoo.be yahoo.bg yahoo.ca yahoo.ch yahoo.cl yahoo.cn yahoo.co.id yahoo.co.il
yahoo.co.in yahoo.co.jp yahoo.co.kr yahoo.co.nz yahoo.co.th yahoo.co.uk yahoo.co.za yahoo.com.ar
yahoo.com.au yahoo.com.br yahoo.com.cn yahoo.com.co yahoo.com.hk yahoo.com.mx yahoo.com.my yahoo.com.pe
yahoo.com.ph yahoo.com.sg yahoo.com.tr yahoo.com.tw yahoo.com.ua yahoo.com.ve yahoo.com.vn yahoo.cz
yahoo.de yahoo.dk yahoo.ee yahoo.es yahoo.fi yahoo.fr yahoo.gr yahoo.hr yahoo.hu yahoo.ie yahoo.in
yahoo.it yahoo.lt yahoo.lv yahoo.nl yahoo.no yahoo.pl yahoo.pt yahoo.ro yahoo.se yahoo.sk ymail.com
rocketmail.com myyahoo.com
icloud.com me.com mac.com privaterelay.appleid.com
aol.com aol.co.uk aol.de aol.fr aol.it aol.jp aim.com netscape.net love.com games.com wow.com
proton.me protonmail.com protonmail.ch pm.me tutanota.com tutanota.de tutamail.com tuta.com tuta.io
keemail.me hey.com fastmail.com fastmail.fm fastmail.net sent.com messagingengine.com hushmail.com
hush.com zoho.com zoho.eu zohomail.com zohomail.eu zohomail.in mailfence.com runbox.com posteo.de
posteo.net posteo.at posteo.ch mailbox.org disroot.org riseup.net startmail.com ctemplar.com
gmx.com gmx.de gmx.net gmx.at gmx.ch gmx.eu gmx.co.uk gmx.fr gmx.es gmx.us gmx.info gmx.org web.de
email.de mail.de freenet.de t-online.de arcor.de online.de 1und1.de vodafone.de vodafonemail.de
kabelmail.de unitybox.de o2online.de o2mail.de magenta.de netcologne.de ewetel.net ewe.net alice.de
alice-dsl.net aon.at a1.net chello.at bluewin.ch sunrise.ch hispeed.ch
mail.com email.com usa.com post.com europe.com asia.com dr.com engineer.com consultant.com myself.com
iname.com writeme.com cheerful.com techie.com accountant.com inbox.com lycos.com excite.com mail.org
mail.ru inbox.ru list.ru bk.ru internet.ru yandex.com yandex.ru yandex.ua yandex.by yandex.kz
yandex.com.tr ya.ru narod.ru rambler.ru lenta.ru autorambler.ru myrambler.ru ro.ru ukr.net i.ua
meta.ua bigmir.net tut.by
qq.com foxmail.com vip.qq.com 163.com vip.163.com 126.com yeah.net sina.com sina.cn sohu.com
aliyun.com 139.com 189.cn wo.cn tom.com 21cn.com 263.net
naver.com hanmail.net daum.net nate.com kakao.com docomo.ne.jp ezweb.ne.jp au.com softbank.ne.jp
i.softbank.jp nifty.com biglobe.ne.jp ocn.ne.jp so-net.ne.jp rediffmail.com rediff.com indiatimes.com
sify.com
comcast.net xfinity.com verizon.net att.net sbcglobal.net bellsouth.net pacbell.net ameritech.net
swbell.net prodigy.net cox.net charter.net spectrum.net roadrunner.com rr.com twc.com earthlink.net
mindspring.com juno.com netzero.net netzero.com frontier.com frontiernet.net centurylink.net
centurytel.net embarqmail.com windstream.net optonline.net optimum.net suddenlink.net cableone.net
q.com tds.net hughes.net rcn.com
rogers.com shaw.ca telus.net bell.net sympatico.ca videotron.ca videotron.qc.ca cogeco.ca eastlink.ca
btinternet.com btopenworld.com talktalk.net tiscali.co.uk sky.com virginmedia.com virgin.net
ntlworld.com blueyonder.co.uk plus.net plusnet.com o2.co.uk orange.net eircom.net
orange.fr wanadoo.fr free.fr sfr.fr laposte.net neuf.fr club-internet.fr numericable.fr bbox.fr
aliceadsl.fr cegetel.net voila.fr
libero.it tiscali.it virgilio.it alice.it tin.it tim.it inwind.it iol.it fastwebnet.it email.it
telefonica.net terra.es ono.com orange.es ya.com
ziggo.nl kpnmail.nl kpnplanet.nl planet.nl hetnet.nl home.nl xs4all.nl upcmail.nl casema.nl quicknet.nl
tele2.nl telenet.be skynet.be proximus.be scarlet.be
telia.se bredband.net spray.se passagen.se comhem.se online.no frisurf.no tele2.se
mail.dk tdcadsl.dk stofanet.dk jubii.dk elisanet.fi luukku.com suomi24.fi kolumbus.fi
wp.pl o2.pl onet.pl onet.eu op.pl interia.pl interia.eu poczta.fm gazeta.pl tlen.pl vp.pl
seznam.cz email.cz centrum.cz centrum.sk volny.cz post.cz azet.sk zoznam.sk pobox.sk
freemail.hu citromail.hu t-online.hu abv.bg mail.bg dir.bg inbox.lv inbox.lt mail.ee hot.ee
mynet.com superonline.com walla.co.il walla.com bezeqint.net netvision.net.il 012.net.il
uol.com.br bol.com.br terra.com.br ig.com.br globo.com globomail.com r7.com oi.com.br
fibertel.com.ar arnet.com.ar speedy.com.ar ciudad.com.ar prodigy.net.mx
bigpond.com bigpond.net.au optusnet.com.au iinet.net.au internode.on.net tpg.com.au dodo.com.au
westnet.com.au ozemail.com.au adam.com.au xtra.co.nz slingshot.co.nz orcon.net.nz vodafone.co.nz
webmail.co.za mweb.co.za telkomsa.net vodamail.co.za iafrica.com
mailinator.com guerrillamail.com guerrillamail.net sharklasers.com 10minutemail.com temp-mail.org
tempmail.com yopmail.com yopmail.fr trashmail.com trashmail.de dispostable.com getnada.com maildrop.cc
throwawaymail.com mintemail.com moakt.com fakeinbox.com discard.email spamgourmet.com mohmal.com
duck.com simplelogin.com simplelogin.io aleeas.com slmail.me anonaddy.com anonaddy.me addy.io
mozmail.com relay.firefox.com passmail.net passinbox.com
`

export const publicMailDomains: ReadonlySet<string> = new Set(names.trim().split(/\s+/))
