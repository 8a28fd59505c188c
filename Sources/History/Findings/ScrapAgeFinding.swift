import Core

extension Finding {
    /// Whether the car has reached its scrap age, or is so near to it that it cannot be transferred any more, or near
    /// the mileage at which the state advises scrapping.
    static func scrapAge(_ timeline: Timeline, _ series: OdometerSeries, asOf: Instant) -> Finding {
        let changes = timeline.ownershipChanges
        let registration = changes.first { $0.event.kind == .vehicleRegistered }?.date
        let term = ScrapTerm(changes, registeredOn: registration)
        if let years = term.years, let end = term.end, end.adding(months: -12) <= asOf.dateInChina {
            return tooOld(years, end, isOver: end <= asOf.dateInChina, evidence: changes.map { Evidence($0, .proves) })
        }
        if let highest = series.highest, highest.km * 100 >= term.guidedKm * PlatformRules.scrapMileagePercent {
            return tooFar(highest, term.guidedKm)
        }
        let stated = changes.map { Evidence($0, .related) }
        if let missing = missing(registration, term, series) {
            return Finding(.scrapAge, .notKnown, zh: missing.zh, en: missing.en, evidence: stated)
        }
        return farFromScrap(term, evidence: stated)
    }

    private static func missing(
        _ registration: CalendarDate?,
        _ term: ScrapTerm,
        _ series: OdometerSeries
    ) -> LocalizedText? {
        if registration == nil {
            return LocalizedText(
                zh: "没有注册登记的日期，无法推算报废年限。",
                en: "The date of first registration is not recorded, so the scrap age cannot be worked out."
            )
        }
        if term.isIncomplete {
            return LocalizedText(
                zh: "登记和过户没有都写明用途，或者这种用途的年限没有核实，无法推算报废年限。",
                en:
                    "Registration and transfers do not all state a use whose limit is known, so the scrap age cannot "
                    + "be worked out."
            )
        }
        guard series.highest == nil else { return nil }
        return LocalizedText(
            zh: "没有里程读数，不知道离引导报废的里程还有多远。",
            en: "There is no odometer reading, so nobody knows how far the advised scrap mileage is."
        )
    }

    private static func tooOld(_ years: Int64, _ end: CalendarDate, isOver: Bool, evidence: [Evidence]) -> Finding {
        Finding(
            .scrapAge,
            .yes,
            zh: "按登记的用途推算，使用年限是 \(years) 年，到\(end)为止，"
                + (isOver ? "已经到期，应当报废。" : "只剩不到一年；一年以内不能办理过户。"),
            en: "By its registered use the car's life is \(years) years and ends on \(end): "
                + (isOver
                    ? "it is over, and the car is due for scrap."
                    : "less than a year is left, and in that "
                        + "year it cannot be transferred."),
            evidence: evidence
        )
    }

    private static func tooFar(_ reading: OdometerReading, _ guidedKm: Int64) -> Finding {
        let (km, limit) = (PlainNumbers.grouped(reading.km), PlainNumbers.grouped(guidedKm))
        let isOver = reading.km >= guidedKm
        return Finding(
            .scrapAge,
            .yes,
            severity: .warning,
            zh: "\(reading.date)的里程是 \(km) 公里，\(isOver ? "已经达到" : "接近")国家引导报废的 \(limit) 公里。",
            en: "At \(km) km on \(reading.date), the car \(isOver ? "has reached" : "is near") the \(limit) km at "
                + "which the state advises scrapping.",
            evidence: [Evidence(reading, .proves)]
        )
    }

    private static func farFromScrap(_ term: ScrapTerm, evidence: [Evidence]) -> Finding {
        let limit = PlainNumbers.grouped(term.guidedKm)
        guard let years = term.years, let end = term.end else {
            return Finding(
                .scrapAge,
                .no,
                zh: "小型、微型非营运客车没有使用年限的限制，里程也离引导报废的 \(limit) 公里还远。",
                en: "A small car in private use has no age limit, and its mileage is far from the \(limit) km at "
                    + "which the state advises scrapping.",
                evidence: evidence
            )
        }
        return Finding(
            .scrapAge,
            .no,
            zh: "按登记的用途推算，使用年限是 \(years) 年，到\(end)为止，还有一年以上；里程也离引导报废的 \(limit) 公里还远。",
            en: "By its registered use the car's life is \(years) years and ends on \(end), more than a year away, and "
                + "its mileage is far from the \(limit) km at which the state advises scrapping.",
            evidence: evidence
        )
    }
}
