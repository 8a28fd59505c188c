import Core

/// How a car was sold and covered.
extension EventSentence {
    static func listed(_ facts: EventFacts) -> PlainSentence {
        var sentence = PlainSentence(zh: "上架出售", en: "The car was offered for sale")
        sentence.addMoney(facts, "price", zh: "标价", en: "price")
        sentence.addOdometer(facts)
        return sentence
    }

    static func withdrawn(_ facts: EventFacts) -> PlainSentence {
        var sentence = PlainSentence(zh: "下架，不再出售", en: "The offer was withdrawn")
        sentence.addChoice(facts, "reason", zh: "原因", en: "reason")
        return sentence
    }

    static func contracted(_ facts: EventFacts) -> PlainSentence {
        var sentence = PlainSentence(zh: "签订买卖合同", en: "A sale contract was signed")
        sentence.addMoney(facts, "price", zh: "价格", en: "price")
        sentence.addOdometer(facts)
        return sentence
    }

    static func sold(_ facts: EventFacts) -> PlainSentence {
        var sentence = PlainSentence(zh: "车辆成交并交车", en: "The car was sold and handed over")
        sentence.addChoice(facts, "channel", zh: "方式", en: "by")
        sentence.addMoney(facts, "price", zh: "成交价", en: "price")
        sentence.addOdometer(facts)
        return sentence
    }

    static func returned(_ facts: EventFacts) -> PlainSentence {
        var sentence = PlainSentence(zh: "买家退车", en: "The buyer returned the car")
        sentence.addText(facts, "reason", zh: "原因", en: "reason")
        sentence.addOdometer(facts)
        return sentence
    }

    static func warrantyIssued(_ facts: EventFacts) -> PlainSentence {
        var sentence = PlainSentence(zh: "质保生效", en: "A warranty began")
        sentence.addText(facts, "tier", zh: "档次", en: "tier")
        sentence.addDay(facts, "valid_until", zh: "有效期至", en: "valid until")
        if let km = facts.integer("limit_odometer_km").map(PlainNumbers.kilometres) {
            sentence.add(zh: "或里程到 \(km.zh) 为止", en: "or up to \(km.en)")
        }
        sentence.addOdometer(facts)
        return sentence
    }

    static func warrantyClaimed(_ facts: EventFacts) -> PlainSentence {
        var sentence = PlainSentence(zh: "在质保期内报修", en: "A warranty claim was made")
        sentence.addText(facts, "component", zh: "部件", en: "part")
        sentence.addOdometer(facts)
        return sentence
    }

    static func warrantySettled(_ facts: EventFacts) -> PlainSentence {
        var sentence = PlainSentence(zh: "质保报修处理完毕", en: "The warranty claim was settled")
        sentence.addChoice(facts, "outcome", zh: "结果", en: "outcome")
        sentence.addMoney(facts, "paid_amount", zh: "赔付", en: "paid")
        return sentence
    }
}
