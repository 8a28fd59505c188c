import Core

// What each label asks of a life. Days are counted so that there is always time for what must come after.

extension LifePlan {
    mutating func shape(using random: inout SeededRandom) {
        switch label {
        case .clean, .cleanElectric, .odometerTypo, .corrected, .retracted, .unregisteredModification, .batteryWorn:
            shapeOrdinary(using: &random)
        case .declaredCommercial, .nearScrapTaxi: shapeCommercial(using: &random)
        case .odometerRollback: shapeRollback(using: &random)
        case .odometerReplaced: shapeReplacement(using: &random)
        case .odometerRollover: dialKm = 100_000
        case .flood: shapeFlood(using: &random)
        case .hiddenStructuralAccident: shapeHiddenAccident(using: &random)
        case .totalLossRebuilt: shapeTotalLoss(using: &random)
        case .stolen: end(daysBeforeAsOf: random.integer(15...150))
        case .stolenRecovered: shapeRecovery(using: &random)
        case .undisclosedRideHailing: shapeUndisclosedUse(using: &random)
        case .openRecall: shapeOpenRecall(using: &random)
        case .liveMortgage: shapeLiveMortgage(using: &random)
        case .scrapped: lastDay = registeredOn.adding(months: ScrapLimits.taxiMonths).adding(days: -3)
        case .exported: shapeExport(using: &random)
        case .longGap: shapeGap(using: &random)
        case .lateAccident: shapeLateAccident(using: &random)
        case .saleReturned: shapeReturn(using: &random)
        case .warrantyClaimed: sell(listedOn: daysAgo(200...400, &random), after: 12...25, using: &random)
        }
    }

    private mutating func shapeOrdinary(using random: inout SeededRandom) {
        switch random.integer(0...99) {
        case 0..<45: break
        case 45..<62: transferPrivately(on: lifeDay(40...70, &random), using: &random)
        case 62..<88: sell(listedOn: lifeDay(60...85, &random), after: 12...40, using: &random)
        default: listNow(using: &random)
        }
        // Long enough for the loan to be paid off before anybody buys the car.
        hasLoan = age(on: asOf) >= 1300 && use == .private && random.chance(percent: 35)
    }

    private mutating func shapeCommercial(using random: inout SeededRandom) {
        heads["commercial_use"] = "yes"
        if random.chance(percent: 30) { listNow(using: &random) }
    }

    private mutating func shapeRollback(using random: inout SeededRandom) {
        let listedOn = daysAgo(50...250, &random)
        turningPoint = listedOn.adding(days: -Offer.intakeDays - random.integer(4...12))
        mileageChanges.append((turningPoint, .showsPercent(random.integer(42...60))))
        heads["odometer_altered"] = "not_known"
        offer(listedOn: listedOn, soldPercent: 70, buyer: nil, using: &random)
    }

    private mutating func shapeReplacement(using random: inout SeededRandom) {
        turningPoint = lifeDay(40...70, &random)
        mileageChanges.append((turningPoint, .shows(km: 0)))
        if random.chance(percent: 50) { listNow(using: &random) }
    }

    private mutating func shapeFlood(using random: inout SeededRandom) {
        turningPoint = rainyDay(near: lifeDay(35...65, &random), notAfter: asOf.adding(days: -330), &random)
        stand(from: turningPoint, days: 40)
        let elsewhere = Region.random(except: home.hub, using: &random)
        let soldOffOn = turningPoint.adding(days: random.integer(75...100))
        transfers.append(Transfer(day: soldOffOn, from: use.owner, to: "dealer", region: elsewhere, use: .private))
        heads["flood"] = "not_known"
        let listedOn = soldOffOn.adding(days: random.integer(30...90))
        offer(listedOn: listedOn, soldPercent: 70, buyer: elsewhere, using: &random)
    }

    private mutating func shapeHiddenAccident(using random: inout SeededRandom) {
        turningPoint = lifeDay(35...60, &random)
        stand(from: turningPoint, days: 35)
        offer(listedOn: daysAgo(50...300, &random), soldPercent: 50, buyer: nil, using: &random)
    }

    private mutating func shapeTotalLoss(using random: inout SeededRandom) {
        turningPoint = lifeDay(35...55, &random)
        stand(from: turningPoint, days: 100)
        let soldOffOn = turningPoint.adding(days: 30)
        let elsewhere = Region.random(except: home.hub, using: &random)
        transfers.append(Transfer(day: soldOffOn, from: use.owner, to: "dealer", region: elsewhere, use: .private))
        heads["total_loss"] = "not_known"
        heads["structural_accident"] = "not_known"
        let listedOn = turningPoint.adding(days: random.integer(130...220))
        offer(listedOn: listedOn, soldPercent: 60, buyer: elsewhere, using: &random)
    }

    private mutating func shapeRecovery(using random: inout SeededRandom) {
        turningPoint = lifeDay(40...60, &random)
        let missingDays = random.integer(30...110)
        silence = turningPoint.adding(days: 1)...turningPoint.adding(days: missingDays)
        stand(from: turningPoint, days: missingDays)
        heads["theft"] = "yes"
        if random.chance(percent: 50) { listNow(using: &random) }
    }

    private mutating func shapeUndisclosedUse(using random: inout SeededRandom) {
        turningPoint = daysAgo(260...400, &random)
        transfers.append(Transfer(day: turningPoint, from: "company", to: "person", region: home, use: .private))
        mileageChanges.append((turningPoint, .pace(annualKm: random.integer(Use.private.annualKm))))
        offer(listedOn: daysAgo(50...150, &random), soldPercent: 60, buyer: nil, using: &random)
    }

    private mutating func shapeOpenRecall(using random: inout SeededRandom) {
        remediesRecalls = false
        heads["open_recall"] = "not_known"
        listNow(using: &random)
    }

    private mutating func shapeLiveMortgage(using random: inout SeededRandom) {
        hasLoan = true
        heads["mortgage"] = "not_known"
        listNow(using: &random)
    }

    private mutating func shapeExport(using random: inout SeededRandom) {
        end(daysBeforeAsOf: random.integer(20...160))
        let soldOn = lastDay.adding(days: -random.integer(25...45))
        transfers.append(Transfer(day: soldOn, from: use.owner, to: "company", region: home, use: .company))
    }

    private mutating func shapeGap(using random: inout SeededRandom) {
        turningPoint = lifeDay(35...40, &random)
        silence = turningPoint...turningPoint.adding(days: random.integer(800...1000))
        if random.chance(percent: 60) { listNow(using: &random) }
    }

    private mutating func shapeLateAccident(using random: inout SeededRandom) {
        let listedOn = daysAgo(70...250, &random)
        turningPoint = listedOn.adding(days: -random.integer(40...120))
        sell(listedOn: listedOn, after: 12...30, using: &random)
    }

    private mutating func shapeReturn(using random: inout SeededRandom) {
        let listedOn = daysAgo(60...100, &random)
        sell(listedOn: listedOn, after: 12...20, using: &random)
        guard let soldOn = offers[0].soldOn else { return }
        let returnedOn = soldOn.adding(days: random.integer(3...6))
        offers[0].returnedOn = returnedOn
        let region = region(on: soldOn)
        transfers.append(
            Transfer(day: returnedOn.adding(days: 2), from: "person", to: "dealer", region: region, use: .private)
        )
        offer(listedOn: returnedOn.adding(days: 15), soldPercent: 0, buyer: nil, using: &random)
    }
}

/// 机动车强制报废标准规定 (2012 No. 12), art. 5: a small taxi ends after eight years. Recalled, not read.
enum ScrapLimits {
    static let taxiMonths = 96
}

// MARK: - Turns that a life can take

extension LifePlan {
    /// A day in this part of the life, in per cent of it.
    private func lifeDay(_ percent: ClosedRange<Int>, _ random: inout SeededRandom) -> CalendarDate {
        registeredOn.adding(days: age(on: asOf) * random.integer(percent) / 100)
    }

    private func daysAgo(_ days: ClosedRange<Int>, _ random: inout SeededRandom) -> CalendarDate {
        asOf.adding(days: -random.integer(days))
    }

    /// A day of July or August, when streets are flooded.
    private func rainyDay(
        near day: CalendarDate,
        notAfter limit: CalendarDate,
        _ random: inout SeededRandom
    ) -> CalendarDate {
        let offset = random.integer(0...45)
        let candidate = CalendarDate(year: day.year, month: 7, day: 10)?.adding(days: offset) ?? day
        return candidate <= limit ? candidate : candidate.adding(months: -12)
    }

    private mutating func end(daysBeforeAsOf days: Int) {
        lastDay = asOf.adding(days: -days)
        turningPoint = lastDay
    }

    /// The car is not driven for some days.
    private mutating func stand(from day: CalendarDate, days: Int) {
        mileageChanges.append((day, .pace(annualKm: 0)))
        mileageChanges.append((day.adding(days: days), .pace(annualKm: annualKm)))
    }

    private mutating func transferPrivately(on day: CalendarDate, using random: inout SeededRandom) {
        let region = buyerRegion(on: day, using: &random)
        transfers.append(Transfer(day: day, from: use.owner, to: "person", region: region, use: .private))
    }

    private mutating func listNow(using random: inout SeededRandom) {
        offer(listedOn: daysAgo(5...40, &random), soldPercent: 0, buyer: nil, using: &random)
    }

    private mutating func sell(
        listedOn: CalendarDate,
        after days: ClosedRange<Int>,
        using random: inout SeededRandom
    ) {
        offer(listedOn: listedOn, soldOn: listedOn.adding(days: random.integer(days)), buyer: nil, using: &random)
    }

    /// Nothing stands with a dealer for longer than this, in days.
    private static let longestOfferDays = 90

    /// - Parameter soldPercent: how many of a hundred such cars are sold by now; all where there was time enough.
    private mutating func offer(
        listedOn: CalendarDate,
        soldPercent: Int,
        buyer: Region?,
        using random: inout SeededRandom
    ) {
        let days = random.integer(12...35)
        let isOld = listedOn.adding(days: LifePlan.longestOfferDays) < asOf
        let isSold = random.chance(percent: isOld ? 100 : soldPercent)
        offer(listedOn: listedOn, soldOn: isSold ? listedOn.adding(days: days) : nil, buyer: buyer, using: &random)
    }

    /// A dealer's car is moved in the yard and driven on trial, no more.
    private static let stockAnnualKm = 1500

    private mutating func offer(
        listedOn: CalendarDate,
        soldOn: CalendarDate?,
        buyer: Region?,
        using random: inout SeededRandom
    ) {
        let offer = Offer(listedOn: listedOn, soldOn: soldOn)
        offers.append(offer)
        mileageChanges.append((offer.takenInOn, .pace(annualKm: LifePlan.stockAnnualKm)))
        guard let soldOn else { return }
        // Read off before the transfer itself is in the list.
        let seller = transfers.last { $0.day < listedOn }?.to ?? use.owner
        let region = buyer ?? buyerRegion(on: listedOn, using: &random)
        mileageChanges.append((soldOn, .pace(annualKm: random.integer(Use.private.annualKm))))
        transfers.append(
            Transfer(day: soldOn.adding(days: -1), from: seller, to: "person", region: region, use: .private)
        )
    }

    /// Three of four buyers live where the car is.
    private func buyerRegion(on day: CalendarDate, using random: inout SeededRandom) -> Region {
        let hub = region(on: day).hub
        return random.chance(percent: 75)
            ? Region.random(hub: hub, using: &random) : Region.random(except: hub, using: &random)
    }
}
