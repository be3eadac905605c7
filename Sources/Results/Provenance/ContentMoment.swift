internal import Foundation

/// A moment as DICOM writes it: local date and time, and the offset where it is part of the value.
struct ContentMoment: Sendable {
    /// DA, such as `20260131`.
    let date: String
    /// TM, such as `235959.123456`.
    let time: String
    /// DT with its offset, such as `20260131235959.123456+0100`.
    let dateTime: String

    /// Writes a moment in a time zone.
    init(_ moment: Date, _ zone: TimeZone) {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = zone
        // Microseconds are what TM holds; rounding them first keeps the seconds from running over.
        let microseconds = (moment.timeIntervalSince1970 * 1e6).rounded()
        let second = (microseconds / 1e6).rounded(.down)
        let fraction = Int(microseconds - second * 1e6)
        let parts = calendar.dateComponents(
            [.year, .month, .day, .hour, .minute, .second], from: Date(timeIntervalSince1970: second))
        func digits(_ value: Int?, _ count: Int) -> String {
            let text = String(value ?? 0)
            return String(repeating: "0", count: max(0, count - text.count)) + text
        }
        date = digits(parts.year, 4) + digits(parts.month, 2) + digits(parts.day, 2)
        time = digits(parts.hour, 2) + digits(parts.minute, 2) + digits(parts.second, 2) + "." + digits(fraction, 6)
        let offset = zone.secondsFromGMT(for: moment) / 60
        let sign = offset < 0 ? "-" : "+"
        dateTime = date + time + sign + digits(abs(offset) / 60, 2) + digits(abs(offset) % 60, 2)
    }

    /// The zone of Timezone Offset From UTC (0008,0201), such as `+0100`, or nil where it is none.
    static func zone(offset text: String) -> TimeZone? {
        let digits = text.dropFirst()
        guard let sign = text.first, sign == "+" || sign == "-", digits.count == 4, let number = Int(digits) else {
            return nil
        }
        let seconds = (number / 100 * 60 + number % 100) * 60
        return TimeZone(secondsFromGMT: sign == "-" ? -seconds : seconds)
    }
}
