package import Core

/// The provinces, by their codes in ISO 3166-2:CN (of 2017 and later, recalled, not read).
package enum Province: String, Sendable, Hashable, CaseIterable {
    case beijing = "CN-BJ"
    case tianjin = "CN-TJ"
    case hebei = "CN-HE"
    case shanxi = "CN-SX"
    case innerMongolia = "CN-NM"
    case liaoning = "CN-LN"
    case jilin = "CN-JL"
    case heilongjiang = "CN-HL"
    case shanghai = "CN-SH"
    case jiangsu = "CN-JS"
    case zhejiang = "CN-ZJ"
    case anhui = "CN-AH"
    case fujian = "CN-FJ"
    case jiangxi = "CN-JX"
    case shandong = "CN-SD"
    case henan = "CN-HA"
    case hubei = "CN-HB"
    case hunan = "CN-HN"
    case guangdong = "CN-GD"
    case guangxi = "CN-GX"
    case hainan = "CN-HI"
    case chongqing = "CN-CQ"
    case sichuan = "CN-SC"
    case guizhou = "CN-GZ"
    case yunnan = "CN-YN"
    case tibet = "CN-XZ"
    case shaanxi = "CN-SN"
    case gansu = "CN-GS"
    case qinghai = "CN-QH"
    case ningxia = "CN-NX"
    case xinjiang = "CN-XJ"
    case taiwan = "CN-TW"
    case hongKong = "CN-HK"
    case macao = "CN-MO"

    package var label: LocalizedText { Province.labels[self] ?? LocalizedText(zh: rawValue, en: rawValue) }

    private static let labels: [Province: LocalizedText] = Dictionary(
        uniqueKeysWithValues: zip(allCases, names.split(separator: "\n")).map { province, line in
            let words = line.split(separator: " ", maxSplits: 1).map(String.init)
            return (province, LocalizedText(zh: words.first ?? "", en: words.last ?? ""))
        }
    )

    /// In the order of the cases.
    private static let names = """
        北京 Beijing
        天津 Tianjin
        河北 Hebei
        山西 Shanxi
        内蒙古 Inner Mongolia
        辽宁 Liaoning
        吉林 Jilin
        黑龙江 Heilongjiang
        上海 Shanghai
        江苏 Jiangsu
        浙江 Zhejiang
        安徽 Anhui
        福建 Fujian
        江西 Jiangxi
        山东 Shandong
        河南 Henan
        湖北 Hubei
        湖南 Hunan
        广东 Guangdong
        广西 Guangxi
        海南 Hainan
        重庆 Chongqing
        四川 Sichuan
        贵州 Guizhou
        云南 Yunnan
        西藏 Tibet
        陕西 Shaanxi
        甘肃 Gansu
        青海 Qinghai
        宁夏 Ningxia
        新疆 Xinjiang
        台湾 Taiwan
        香港 Hong Kong
        澳门 Macao
        """
}
