import Core

/// A sentence in both languages, put together from what is known: a main clause, then what details there are.
struct PlainSentence {
    private var zh: [String]
    private var en: [String]

    init(zh: String, en: String) {
        self.zh = [zh]
        self.en = [en]
    }

    mutating func add(zh: String, en: String) {
        self.zh.append(zh)
        self.en.append(en)
    }

    var text: LocalizedText {
        LocalizedText(zh: zh.joined(separator: "，") + "。", en: en.joined(separator: "; ") + ".")
    }
}

// MARK: - Details that many kinds share

extension PlainSentence {
    mutating func addOdometer(_ facts: EventFacts) {
        guard let km = facts.odometerKm.map(PlainNumbers.kilometres) else { return }
        add(zh: "里程 \(km.zh)", en: "odometer \(km.en)")
    }

    mutating func addMoney(_ facts: EventFacts, _ field: String, zh: String, en: String) {
        guard let amount = facts.money(field).map(PlainNumbers.yuan) else { return }
        add(zh: "\(zh) \(amount)", en: "\(en) \(amount)")
    }

    mutating func addDay(_ facts: EventFacts, _ field: String, zh: String, en: String) {
        guard let day = facts.text(field).flatMap(CalendarDate.init) else { return }
        add(zh: "\(zh) \(day)", en: "\(en) \(day)")
    }

    /// A choice, unless it is not known: silence says the same in fewer words.
    mutating func addChoice(_ facts: EventFacts, _ field: String, zh: String, en: String) {
        guard let word = facts.word(field) else { return }
        add(zh: "\(zh)：\(word.zh)", en: "\(en): \(word.en)")
    }

    /// What a source wrote in its own words.
    mutating func addText(_ facts: EventFacts, _ field: String, zh: String, en: String) {
        guard let text = facts.text(field).map(withoutPersonalNumbers) else { return }
        add(zh: "\(zh)：\(text)", en: "\(en): \(text)")
    }

    mutating func addTexts(_ facts: EventFacts, _ field: String, zh: String, en: String) {
        let texts = facts.texts(field).map(withoutPersonalNumbers)
        guard !texts.isEmpty else { return }
        add(zh: "\(zh)：\(texts.joined(separator: "、"))", en: "\(en): \(texts.joined(separator: ", "))")
    }

    mutating func addAreas(_ facts: EventFacts) {
        let areas = facts.texts("areas").map { PlainWords.word("areas", $0) }
        guard !areas.isEmpty else { return }
        add(
            zh: "受损部位：\(areas.map(\.zh).joined(separator: "、"))",
            en: "damaged: \(areas.map(\.en).joined(separator: ", "))"
        )
    }

    /// - Parameter isExpected: the event is one after which a buyer must know, so that silence is said aloud.
    mutating func addStructural(_ facts: EventFacts, isExpected: Bool) {
        switch facts.triState("structural") {
        case .yes:
            add(
                zh: "伤到了车身结构（撑起整车、碰撞时保护车内人员的骨架）",
                en: "the body structure, the frame that protects people in a crash, was damaged"
            )
        case .no: add(zh: "没有伤到车身结构（骨架）", en: "the body structure was not damaged")
        case .notKnown where isExpected:
            add(zh: "没有说明是否伤到车身结构（骨架）", en: "not stated whether the body structure was damaged")
        case .notKnown: break
        }
    }
}

extension EventFacts {
    /// The word for a choice. `nil` where it is missing or not known.
    func word(_ field: String) -> LocalizedText? {
        guard let code = text(field), code != TriState.notKnown.rawValue else { return nil }
        return PlainWords.word(field, code)
    }
}
