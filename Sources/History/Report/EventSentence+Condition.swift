import Core

/// What a car is like.
extension EventSentence {
    static func odometerRead(_ facts: EventFacts) -> PlainSentence {
        guard let km = facts.odometerKm.map(PlainNumbers.kilometres) else {
            return PlainSentence(zh: "读取了里程表", en: "The odometer was read")
        }
        var sentence = PlainSentence(zh: "里程表读数 \(km.zh)", en: "The odometer showed \(km.en)")
        sentence.addChoice(facts, "method", zh: "读取方式", en: "read")
        return sentence
    }

    static func inspectedByLaw(_ facts: EventFacts) -> PlainSentence {
        var sentence = PlainSentence(zh: "参加年检", en: "The car had its statutory inspection")
        sentence.addChoice(facts, "result", zh: "结果", en: "result")
        sentence.addChoice(facts, "emission_result", zh: "尾气检测", en: "emissions")
        for (field, zh, en) in [
            ("defects_dangerous", "危险缺陷", "dangerous defects"), ("defects_major", "主要缺陷", "major defects"),
            ("defects_minor", "轻微缺陷", "minor defects"),
        ] {
            guard let count = facts.integer(field), count > 0 else { continue }
            sentence.add(zh: "\(zh) \(count) 项", en: "\(en): \(count)")
        }
        sentence.addDay(facts, "valid_until", zh: "有效期至", en: "valid until")
        sentence.addVINMatch(facts)
        sentence.addOdometer(facts)
        return sentence
    }

    /// Names every head that was asked, so that what was not answered is seen not to be.
    static func inspected(_ facts: EventFacts) -> PlainSentence {
        var sentence = PlainSentence(zh: "平台做了检测", en: "The platform inspected the car")
        if let grade = facts.integer("grade") {
            sentence.add(zh: "技术状况 \(grade) 级（共五级，一级最好）", en: "condition grade \(grade) of 5, 1 being the best")
        }
        if let score = facts.integer("score_tenths") {
            let (whole, tenth) = score.quotientAndRemainder(dividingBy: 10)
            sentence.add(zh: "得分 \(whole).\(tenth)（满分 100）", en: "score \(whole).\(tenth) of 100")
        }
        for (state, zh, en) in [
            (TriState.yes, "发现", "found"), (.no, "没有发现", "not found"), (.notKnown, "没有检查或没有结论", "not examined"),
        ] {
            let heads = EventSchema.inspectedHeads.map(\.name).filter { facts.triState($0) == state }.map(headLabel)
            guard !heads.isEmpty else { continue }
            sentence.add(
                zh: "\(zh)：\(heads.map(\.zh).joined(separator: "、"))",
                en: "\(en): \(heads.map(\.en).joined(separator: ", "))"
            )
        }
        sentence.addVINMatch(facts)
        sentence.addOdometer(facts)
        return sentence
    }

    private static func headLabel(_ head: String) -> LocalizedText {
        (FindingCode(rawValue: head) ?? .odometerRollback).label
    }

    static func maintained(_ facts: EventFacts) -> PlainSentence {
        var sentence = PlainSentence(zh: "做了保养", en: "The car was serviced")
        sentence.addTexts(facts, "items", zh: "项目", en: "work")
        sentence.addMoney(facts, "cost", zh: "费用", en: "cost")
        sentence.addOdometer(facts)
        return sentence
    }

    static func repaired(_ facts: EventFacts) -> PlainSentence {
        var sentence = PlainSentence(zh: "做了维修", en: "The car was repaired")
        sentence.addChoice(facts, "cause", zh: "原因", en: "because of")
        sentence.addAreas(facts)
        sentence.addStructural(facts, isExpected: facts.text("cause") == "accident")
        sentence.addTexts(facts, "parts", zh: "更换配件", en: "parts replaced")
        if facts.bool("odometer_replaced") == true {
            sentence.add(zh: "更换了里程表，读数从新表重新算起", en: "the odometer was replaced and counts anew")
        }
        sentence.addMoney(facts, "cost", zh: "费用", en: "cost")
        sentence.addOdometer(facts)
        return sentence
    }

    static func batteryMeasured(_ facts: EventFacts) -> PlainSentence {
        var sentence = PlainSentence(zh: "检测了动力电池", en: "The drive battery was measured")
        if let health = facts.integer("soh_basis_points").map(PlainNumbers.percent) {
            sentence.add(
                zh: "健康度 \(health)（新电池为 100%，各家算法不同，没有统一标准）",
                en: "state of health \(health) (new is 100%; methods differ, there is no standard)"
            )
        }
        sentence.addChoice(facts, "method", zh: "方法", en: "method")
        sentence.addText(facts, "tester", zh: "设备", en: "equipment")
        if let wattHours = facts.integer("capacity_wh").map(PlainNumbers.grouped) {
            sentence.add(zh: "可用电量 \(wattHours) 瓦时", en: "usable capacity \(wattHours) Wh")
        }
        if let celsius = facts.integer("temperature_celsius") {
            sentence.add(zh: "电池温度 \(celsius)℃", en: "battery at \(celsius) °C")
        }
        sentence.addOdometer(facts)
        return sentence
    }

    static func modified(_ facts: EventFacts) -> PlainSentence {
        var sentence = PlainSentence(zh: "做了改装", en: "The car was modified")
        sentence.addText(facts, "description", zh: "内容", en: "what")
        switch facts.triState("registered") {
        case .yes: sentence.add(zh: "已办理变更登记", en: "the change was registered")
        case .no: sentence.add(zh: "没有办理变更登记", en: "the change was not registered")
        case .notKnown: sentence.add(zh: "没有说明是否办理变更登记", en: "not stated whether it was registered")
        }
        sentence.addOdometer(facts)
        return sentence
    }
}

extension PlainSentence {
    /// What was not compared is left out: that it is open is said among the findings.
    fileprivate mutating func addVINMatch(_ facts: EventFacts) {
        switch facts.triState("vin_matches") {
        case .yes: add(zh: "车架号与登记一致", en: "the VIN is the registered one")
        case .no: add(zh: "车架号与登记不一致", en: "the VIN is not the registered one")
        case .notKnown: break
        }
    }
}
