package import Core

/// What an event says, as one sentence in each language.
package enum EventSentence {
    /// - Parameter data: what the event said, or what holds of it now.
    package static func text(_ kind: VehicleEventKind, _ data: JSON?, on day: CalendarDate) -> LocalizedText {
        let text = sentence(kind, EventFacts(data: data)).text
        return LocalizedText(zh: "\(day)，\(text.zh)", en: "\(day): \(text.en)")
    }

    private static func sentence(_ kind: VehicleEventKind, _ facts: EventFacts) -> PlainSentence {
        switch kind {
        case .vehicleRegistered: registered(facts)
        case .ownershipTransferred: transferred(facts)
        case .plateChanged: plateChanged(facts)
        case .mortgageRegistered: mortgaged(facts)
        case .mortgageReleased: PlainSentence(zh: "抵押登记解除", en: "The mortgage was released")
        case .scrapped: scrapped(facts)
        case .exportDone: exported(facts)
        case .odometerRead: odometerRead(facts)
        case .inspectionStatutory: inspectedByLaw(facts)
        case .inspectionPlatform: inspected(facts)
        case .maintenanceDone: maintained(facts)
        case .repairDone: repaired(facts)
        case .batteryMeasured: batteryMeasured(facts)
        case .modificationDone: modified(facts)
        case .accidentReported: accident(facts)
        case .insuranceClaimed: claimed(facts)
        case .insuranceTotalLoss: writtenOff(facts)
        case .floodReported: flooded(facts)
        case .theftReported: theft(facts)
        case .recallAnnounced: recallAnnounced(facts)
        case .recallDone: recallDone(facts)
        case .listingPublished: listed(facts)
        case .listingWithdrawn: withdrawn(facts)
        case .saleContracted: contracted(facts)
        case .saleCompleted: sold(facts)
        case .saleReturned: returned(facts)
        case .warrantyIssued: warrantyIssued(facts)
        case .warrantyClaimed: warrantyClaimed(facts)
        case .warrantySettled: warrantySettled(facts)
        case .entryCorrected: corrected(facts)
        case .entryRetracted: retracted(facts)
        case .payloadErased: erased(facts)
        }
    }

    // MARK: About other entries

    private static func corrected(_ facts: EventFacts) -> PlainSentence {
        var sentence = PlainSentence(zh: "来源更正了一条记录", en: "An entry was corrected")
        sentence.addText(facts, "reason", zh: "理由", en: "reason")
        return sentence
    }

    private static func retracted(_ facts: EventFacts) -> PlainSentence {
        var sentence = PlainSentence(zh: "来源撤回了一条记录", en: "An entry was retracted")
        sentence.addText(facts, "reason", zh: "理由", en: "reason")
        return sentence
    }

    private static func erased(_ facts: EventFacts) -> PlainSentence {
        var sentence = PlainSentence(zh: "一条记录的内容依法删除", en: "The contents of an entry were erased")
        sentence.addChoice(facts, "ground", zh: "依据", en: "ground")
        return sentence
    }
}
