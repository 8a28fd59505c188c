import Core

/// What the registration office keeps.
extension EventSentence {
    static func registered(_ facts: EventFacts) -> PlainSentence {
        var sentence = PlainSentence(zh: "车辆首次注册登记", en: "The car was registered for the first time")
        let name = ["make", "series", "model"].compactMap(facts.text).joined(separator: " ")
        if !name.isEmpty { sentence.add(zh: withoutPersonalNumbers(name), en: withoutPersonalNumbers(name)) }
        sentence.addChoice(facts, "energy", zh: "能源", en: "energy")
        addUse(facts, to: &sentence)
        sentence.addText(facts, "plate_region", zh: "号牌归属地", en: "plate issued in")
        sentence.addOdometer(facts)
        return sentence
    }

    static func transferred(_ facts: EventFacts) -> PlainSentence {
        var sentence = PlainSentence(zh: "车辆过户", en: "The car changed hands")
        sentence.addChoice(facts, "from_owner", zh: "原所有人", en: "from")
        sentence.addChoice(facts, "to_owner", zh: "新所有人", en: "to")
        if let count = facts.integer("transfer_count") {
            sentence.add(zh: "登记显示累计过户 \(count) 次", en: "transfers so far, as registered: \(count)")
        }
        addUse(facts, to: &sentence)
        sentence.addText(facts, "plate_region", zh: "号牌归属地", en: "plate issued in")
        sentence.addOdometer(facts)
        return sentence
    }

    private static func addUse(_ facts: EventFacts, to sentence: inout PlainSentence) {
        guard let use = facts.word("use") else {
            sentence.add(zh: "没有写明用途", en: "use not stated")
            return
        }
        sentence.add(zh: "用途：\(use.zh)", en: "as \(use.en)")
    }

    static func plateChanged(_ facts: EventFacts) -> PlainSentence {
        var sentence = PlainSentence(zh: "换了号牌", en: "The plate was changed")
        sentence.addText(facts, "previous_plate_region", zh: "原归属地", en: "issued in")
        sentence.addText(facts, "plate_region", zh: "新归属地", en: "now issued in")
        return sentence
    }

    static func mortgaged(_ facts: EventFacts) -> PlainSentence {
        var sentence = PlainSentence(zh: "车辆登记了抵押，作为借款的担保", en: "The car was mortgaged as security for a loan")
        sentence.addChoice(facts, "mortgagee_kind", zh: "抵押权人", en: "to")
        return sentence
    }

    static func scrapped(_ facts: EventFacts) -> PlainSentence {
        var sentence = PlainSentence(zh: "车辆报废", en: "The car was scrapped")
        sentence.addChoice(facts, "reason", zh: "原因", en: "reason")
        sentence.addOdometer(facts)
        return sentence
    }

    static func exported(_ facts: EventFacts) -> PlainSentence {
        var sentence = PlainSentence(zh: "车辆出口", en: "The car was exported")
        sentence.addText(facts, "destination_country", zh: "目的国代码", en: "country code")
        sentence.addOdometer(facts)
        return sentence
    }
}
