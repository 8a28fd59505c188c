/// Words that stand in very many passwords, in lower case, and the product's own names. Rows of keys and of digits,
/// repeats and years are left out: `PasswordStrength` knows them by rule.
enum CommonPasswords {
    static let words = text.split { $0 == " " || $0 == "\n" }.map(String.init)

    private static let text = """
        password passwort passwd passw0rd pass admin administrator root user guest test tester demo login logon default
        welcome letmein changeme secret access system server master manager office company hello hallo
        iloveyou loveyou lovely love forever baby angel princess prince sunshine flower butterfly summer winter spring
        autumn january february march april june july august september october november december
        monday tuesday wednesday thursday friday saturday sunday
        monkey dragon tiger lion eagle falcon panther phoenix turtle rabbit kitty chicken dolphin
        football baseball basketball soccer hockey tennis golf liverpool chelsea arsenal barcelona juventus
        superman batman spiderman pokemon starwars matrix ninja samurai hunter killer shadow ghost
        michael jordan jessica ashley daniel charlie thomas robert andrew george anthony joshua matthew nicole
        jennifer michelle amanda samantha alexander william
        freedom whatever trustno1 computer internet google apple microsoft windows android iphone samsung huawei xiaomi
        mustang ferrari porsche mercedes corvette harley yamaha honda toyota audi
        cheese pepper cookie banana orange chocolate coffee ginger silver golden diamond purple
        money lucky happy family friends mother father brother sister
        qazwsx qweasd asdzxc zaq qwe asd zxc a1b2c3 abc123 q1w2e3 123qwe 1q2w3e
        woaini woaiwo woaiwojia wodemima mima mimashi nihao nihaoma aini laopo laogong baobei baobao tiantian
        zhongguo china beijing shanghai guangzhou shenzhen chongqing chengdu wuhan hangzhou nanjing tianjin
        520 5201314 1314520 1314 52013 521 7758521 7758258 147258369 159357 147258 258369 666 888 168 518
        zhang wang liu chen yang zhao huang zhou sun
        chexin chx 车信 二手车 ershouche 汽车 qiche 密码 我爱你 你好
        """
}
