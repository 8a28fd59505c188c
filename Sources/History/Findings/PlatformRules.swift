/// The numbers that the findings rest on. All are platform rules: no law gives them.
package enum PlatformRules {
    /// Listings in China give mileage in 0.1 万公里, which is 1,000 km: below that two honest readings may disagree.
    package static let odometerToleranceKm: Int64 = 1_000

    /// Two drivers taking turns for a day and a night at 60 km/h do not get further, so a reading that needs more was
    /// not driven.
    package static let impossibleKmPerDay: Int64 = 1_500

    /// Forms demand a number, and who has none types 0, 1 or 10.
    package static let placeholderMaximumKm: Int64 = 10

    /// Above this a car has left the factory and the yard behind, and cannot show a placeholder's figure again.
    package static let placeholderAfterKm: Int64 = 1_000

    /// Where counters run out of digits: five digits, five digits of miles (100,000 mi = 160,934 km), six digits.
    package static let rolloverModuliKm: [Int64] = [100_000, 160_934, 1_000_000]

    /// A counter that ran over was last read near its end: in the top tenth below it.
    package static let rolloverTopShare: Int64 = 10

    /// A lower reading is only explained by a counter that ran over where the car did ordinary work in between. 100 km
    /// a day is 36,500 km a year; under 3 % of the cars in the trade do more than 30,000. With the impossible rate in
    /// its place, every car turned back from 95,000 km to 60,000 km would pass as one that ran over.
    package static let rolloverMaximumKmPerDay: Int64 = 100

    /// Small private cars are inspected every two years at the least (道路交通安全法实施条例 art. 16(3)), so a longer
    /// silence means that records are missing. That it counts for every car is ours.
    package static let recordGapMonths = 24

    /// How far an entry may lie behind what is on record already. The term in which a new owner must apply for the
    /// transfer (机动车登记规定 art. 25); that it measures every kind of entry is ours. A history that is brought in
    /// long afterwards, but in its order, is not late: nobody could have relied on it without its beginning.
    package static let lateAfterDays: Int64 = 30

    /// From this share of the guided scrap mileage on, the buyer is told, in per cent.
    package static let scrapMileagePercent: Int64 = 90

    /// How many entries a sentence names before it says how many more there are.
    package static let mentionsMaximum = 3
}
