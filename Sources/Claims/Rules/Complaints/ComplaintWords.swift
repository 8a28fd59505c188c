/// What a complaint is about, by the words that are in it: the same words, the same class, and the word that decided.
package enum ComplaintWords {
    package struct Reading: Sendable, Hashable {
        package let category: Complaint.Category
        package let signs: Set<Complaint.Sign>
        /// That decided; `nil` where nothing was recognised and it is taken for a matter of service.
        package let word: String?
    }

    /// The first class with a word in the text counts: what is graver stands further up.
    private static let categories: [(Complaint.Category, [String])] = [
        (.safety, ["刹车失灵", "制动失灵", "失控", "起火", "自燃", "冒烟", "气囊", "断轴", "brake failure", "fire", "smoke"]),
        (.disclosure, ["事故车", "泡水", "水泡", "调表", "火烧", "隐瞒", "与报告不符", "flood", "rolled back", "concealed"]),
        (.privacy, ["隐私", "个人信息", "泄露", "骚扰", "privacy", "personal data"]),
        (.claimHandling, ["理赔", "赔付", "拒赔", "推诿", "claim"]),
        (.repairDelay, ["修了", "还没修", "维修太慢", "等配件", "延误", "still not repaired", "waiting for parts"]),
        (.warranty, ["质保", "保修", "延保", "三包", "warranty"]),
        (.transfer, ["过户", "上牌", "提档", "登记证", "transfer", "registration"]),
        (.price, ["价格", "加价", "乱收费", "多收", "服务费", "overcharged", "price"]),
        (.quality, ["故障", "异响", "漏油", "抖动", "熄火", "顿挫", "质量", "坏了", "broken", "noise", "leak"]),
        (.service, ["态度", "不接电话", "没人理", "敷衍", "服务", "rude", "nobody answers"]),
    ]

    private static let signs: [(Complaint.Sign, [String])] = [
        (.injury, ["受伤", "住院", "伤人", "injured", "hospital"]),
        (.breakdown, ["抛锚", "趴窝", "高速上", "拖车", "broke down", "stranded"]),
        (.media, ["曝光", "记者", "媒体", "抖音", "微博", "journalist", "press"]),
        (.regulator, ["12315", "市场监管", "工商", "消协", "12345", "regulator"]),
        (.lawyer, ["律师", "起诉", "法院", "仲裁", "lawyer", "sue"]),
        (.anger, ["骗子", "垃圾", "气死", "忍无可忍", "cheats", "furious"]),
        (.repeat, ["又坏", "第二次", "第三次", "再次", "反复", "again", "second time"]),
    ]

    package static func read(_ text: String) -> Reading {
        let text = text.lowercased()
        let found = categories.lazy.compactMap { category, words in
            words.first { text.contains($0) }.map { (category, $0) }
        }.first
        let signs = signs.filter { $0.1.contains { text.contains($0) } }.map(\.0)
        return Reading(category: found?.0 ?? .service, signs: Set(signs), word: found?.1)
    }
}
