/** Whether an address is the machine that BanGUI runs on: nobody connects from there, so there is nothing to allow. */
export function isThisMachine(address: string): boolean {
  return address === '::1' || address.startsWith('127.');
}
