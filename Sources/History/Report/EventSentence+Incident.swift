import Core

/// What happened to a car.
extension EventSentence {
    static func accident(_ facts: EventFacts) -> PlainSentence {
        var sentence = PlainSentence(zh: "发生事故", en: "The car was in an accident")
        sentence.addChoice(facts, "severity", zh: "程度", en: "severity")
        sentence.addAreas(facts)
        sentence.addStructural(facts, isExpected: true)
        switch facts.triState("airbags_deployed") {
        case .yes: sentence.add(zh: "安全气囊弹出", en: "airbags deployed")
        case .no: sentence.add(zh: "安全气囊没有弹出", en: "airbags did not deploy")
        case .notKnown: break
        }
        sentence.addOdometer(facts)
        return sentence
    }

    static func claimed(_ facts: EventFacts) -> PlainSentence {
        var sentence = PlainSentence(zh: "向保险公司报案理赔", en: "A claim was made to the insurer")
        sentence.addChoice(facts, "peril", zh: "原因", en: "because of")
        sentence.addMoney(facts, "loss_amount", zh: "核定损失", en: "loss assessed at")
        sentence.addMoney(facts, "paid_amount", zh: "赔付", en: "paid")
        sentence.addAreas(facts)
        sentence.addStructural(facts, isExpected: facts.text("peril") == "collision")
        sentence.addOdometer(facts)
        return sentence
    }

    static func writtenOff(_ facts: EventFacts) -> PlainSentence {
        var sentence = PlainSentence(
            zh: "保险公司按全损赔付（认定修不好或不值得修）",
            en: "The insurer wrote the car off as beyond sensible repair"
        )
        sentence.addChoice(facts, "peril", zh: "原因", en: "because of")
        sentence.addChoice(facts, "kind", zh: "情况", en: "that is")
        sentence.addMoney(facts, "paid_amount", zh: "赔付", en: "paid")
        switch facts.triState("salvage_sold") {
        case .yes: sentence.add(zh: "损坏的车又被卖出", en: "the damaged car was sold on")
        case .no: sentence.add(zh: "损坏的车没有卖出", en: "the damaged car was not sold on")
        case .notKnown: break
        }
        sentence.addOdometer(facts)
        return sentence
    }

    static func flooded(_ facts: EventFacts) -> PlainSentence {
        var sentence = PlainSentence(zh: "车辆严重涉水，车内进水", en: "The car was flooded, with water inside")
        sentence.addChoice(facts, "water_level", zh: "水淹到", en: "water reached")
        switch facts.triState("drivetrain_affected") {
        case .yes: sentence.add(zh: "发动机、电机等动力部分进了水", en: "water reached the engine or motor")
        case .no: sentence.add(zh: "动力部分没有进水", en: "water did not reach the engine or motor")
        case .notKnown: break
        }
        sentence.addOdometer(facts)
        return sentence
    }

    static func theft(_ facts: EventFacts) -> PlainSentence {
        facts.text("status") == "recovered"
            ? PlainSentence(zh: "被盗抢的车辆已找回", en: "The stolen car was found again")
            : PlainSentence(zh: "车辆被盗抢", en: "The car was stolen")
    }

    static func recallAnnounced(_ facts: EventFacts) -> PlainSentence {
        var sentence = PlainSentence(
            zh: "厂家宣布召回，要免费处理一项缺陷",
            en: "The maker announced a recall, to remedy a defect free of charge"
        )
        sentence.addText(facts, "campaign", zh: "编号", en: "campaign")
        sentence.addText(facts, "component", zh: "部件", en: "part")
        sentence.addText(facts, "hazard", zh: "危险", en: "hazard")
        sentence.addText(facts, "remedy", zh: "处理办法", en: "remedy")
        return sentence
    }

    static func recallDone(_ facts: EventFacts) -> PlainSentence {
        var sentence = PlainSentence(zh: "召回已经处理", en: "The recall was remedied")
        sentence.addText(facts, "campaign", zh: "编号", en: "campaign")
        sentence.addOdometer(facts)
        return sentence
    }
}
