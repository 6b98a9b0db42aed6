/** Which role may what, as the server enforces it. */
import { useQuery } from '@tanstack/react-query';
import { Card } from '../../../components/Card.tsx';
import { ScrollArea } from '../../../components/ScrollArea.tsx';
import { rolesQuery } from '../../api/settings.ts';
import { useApp } from '../../context.tsx';

export function RoleMatrix() {
  const { t } = useApp();
  const { data } = useQuery(rolesQuery);
  if (!data) return null;
  return (
    <Card title={t('members.matrix')} note={t('members.matrix_note')}>
      <ScrollArea label={t('members.matrix')}>
        <table className="data matrix">
          <caption className="hidden">{t('members.matrix')}</caption>
          <thead>
            <tr>
              <th scope="col">{t('members.permission')}</th>
              {data.roles.map(({ role }) => (
                <th key={role} scope="col" title={t(`role.${role}.text`)}>
                  {t(`role.${role}.name`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {data.permissions.map((permission) => (
              <tr key={permission}>
                <th scope="row">{t(`permission.${permission}`)}</th>
                {data.roles.map(({ role, permissions }) => {
                  const may = permissions.includes(permission);
                  return (
                    <td key={role}>
                      <i
                        className={may ? 'may' : 'may-not'}
                        role="img"
                        aria-label={t(may ? 'people.yes' : 'people.no')}
                      />
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollArea>
    </Card>
  );
}
